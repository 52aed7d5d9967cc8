// Answers for which parts were played more than once in one session: `video.played` holds each second once.
import { merged, without, type Interval, type Played } from "./intervals";

// A place that is a little off where one jumped to is no replay.
const LEAST_S = 1;

/** A stretch is what plays between two jumps; what of it had been played before it began was played again. */
export class Replays {
  #again: Interval[] = [];
  #before: Interval[] = [];
  #from: number | null = null;
  #at = 0;

  constructor(
    private readonly video: HTMLVideoElement,
    private readonly played: Pick<Played, "all">,
  ) {}

  start(): void {
    this.video.addEventListener("play", () => this.#from ?? this.#begin());
    this.video.addEventListener("timeupdate", () => {
      if (!this.video.seeking) this.#at = this.video.currentTime;
    });
    this.video.addEventListener("seeking", () => {
      this.#again = this.all();
      this.#from = null;
    });
    this.video.addEventListener("seeked", () => this.#begin());
  }

  /** Another session begins. */
  begin(): void {
    this.#again = [];
    this.#begin();
  }

  all(): Interval[] {
    if (this.#from === null) return this.#again;
    const stretch: Interval = [this.#from, Math.max(this.#from, this.#at)];
    return merged([...this.#again, ...both(stretch, this.#before).filter(([start, end]) => end - start >= LEAST_S)]);
  }

  #begin(): void {
    this.#from = this.#at = this.video.currentTime;
    this.#before = this.played.all();
  }
}

function both(stretch: Interval, others: readonly Interval[]): Interval[] {
  return without([stretch], without([stretch], others));
}
