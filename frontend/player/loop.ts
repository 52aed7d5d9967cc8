// Answers for repeating a part: pressed once it begins here, twice it ends here, a third time it is over.
import { clock } from "./time";

export class Loop {
  #from: number | null = null;
  #to: number | null = null;

  constructor(
    private readonly video: HTMLVideoElement,
    private readonly length: () => number,
    private readonly button: HTMLElement | null,
    private readonly drawing: SVGElement | null,
  ) {}

  start(): void {
    this.video.addEventListener("timeupdate", () => this.#goBack());
    this.video.addEventListener("ended", () => this.#goBack());
    this.#draw();
  }

  /** Where it begins and ends, in seconds, as far as that is said. */
  get span(): number[] {
    return [this.#from, this.#to].filter((moment) => moment !== null);
  }

  /** A part shorter than half a second is none: the second press is then taken as a new beginning. */
  next(): void {
    const now = this.video.currentTime;
    if (this.#from === null) this.#from = now;
    else if (this.#to === null && now > this.#from + 0.5) this.#to = now;
    else if (this.#to === null) this.#from = now;
    else this.#from = this.#to = null;
    this.#draw();
  }

  #goBack(): void {
    if (this.#from === null || this.#to === null) return;
    // Far beyond the end somebody has jumped on purpose, and may stay there.
    const isPast = this.video.currentTime >= this.#to && this.video.currentTime < this.#to + 2;
    if (isPast || this.video.ended) {
      const wasEnded = this.video.ended;
      this.video.currentTime = this.#from;
      if (wasEnded) void this.video.play().catch(() => undefined);
    }
  }

  #draw(): void {
    const { button, drawing } = this;
    const state = this.#from === null ? "a" : this.#to === null ? "b" : "off";
    const words = button?.dataset[`says${state.charAt(0).toUpperCase()}${state.slice(1)}`] ?? "";
    const span = this.span.map(clock);
    button?.setAttribute("aria-label", span.length ? `${words} (${span.join(" – ")})` : words);
    button?.toggleAttribute("data-on", state !== "a");
    if (!drawing) return;
    drawing.toggleAttribute("hidden", this.#from === null);
    const share = (moment: number) => (moment / this.length()) * 1000;
    const from = share(this.#from ?? 0);
    drawing.querySelector("rect")?.setAttribute("x", String(from));
    drawing.querySelector("rect")?.setAttribute("width", String(Math.max(4, share(this.#to ?? this.#from ?? 0) - from)));
  }
}
