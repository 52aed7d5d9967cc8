// Answers for fingers on the film: two quick touches at its side go ten seconds back or forward, a finger drawn along it
// looks for a place, one that rests on it plays at double speed until it is lifted. Up and down scroll the page (player.css).
import { clock } from "./time";

const QUICK_MS = 300;
const REST_MS = 500;
// Less than this a finger does not move on purpose.
const SLOP = 12;
// So many seconds a finger passes from one side of the film to the other; of a short film all.
const ACROSS_S = 90;
const HELD_SPEED = 2;

interface Acts {
  act(act: "back" | "forward" | "play"): void;
  seek(to: number): void;
  readonly length: number;
  /** Whether the controls have stepped back: the first touch only brings them again. */
  readonly isIdle: boolean;
}

interface Touch {
  id: number;
  x: number;
  y: number;
  from: number;
  to: number | null;
}

export class Gestures {
  #last = { at: -Infinity, side: "" };
  #told: ReturnType<typeof setTimeout> | undefined;
  #touch: Touch | undefined;
  #rest: ReturnType<typeof setTimeout> | undefined;
  // The speed to go back to, while a finger rests.
  #speed: number | undefined;
  // What a finger that was drawn or rested ends with is no touch.
  #isSwallowed = false;
  #wasIdle = false;
  // A touch at a side plays or pauses only once no second one can follow.
  #single: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly video: HTMLVideoElement,
    private readonly acts: Acts,
    private readonly jump: HTMLElement | null,
    /** The button that lies over a film that stands. */
    private readonly cover: HTMLElement | null = null,
  ) {}

  start(): void {
    this.#listen(this.video);
    if (this.cover) this.#listen(this.cover);
  }

  #listen(surface: HTMLElement): void {
    const on = (name: "pointerdown" | "pointermove" | "pointerup" | "pointercancel", run: (event: PointerEvent) => void) =>
      surface.addEventListener(name, (event) => event.pointerType === "touch" && run(event));
    on("pointerdown", (event) => this.#down(event));
    on("pointermove", (event) => this.#moved(event));
    on("pointerup", (event) => this.#up(event));
    on("pointercancel", () => this.#end());
    surface.addEventListener("contextmenu", (event) => this.#touch && event.preventDefault());
    surface.addEventListener("click", (event) => {
      // A mouse's click and a key's are never a finger's end: after a finger that was drawn no click may follow at all.
      if ((event as PointerEvent).pointerType !== "touch") return;
      const isAtSide = this.#last.side !== "";
      if (this.#isSwallowed || isAtSide) event.stopImmediatePropagation();
      if (isAtSide && !this.#isSwallowed && !this.#wasIdle) this.#single = setTimeout(() => this.acts.act("play"), QUICK_MS);
      this.#isSwallowed = false;
    }, true);
  }

  #down(event: PointerEvent): void {
    this.#end();
    this.#isSwallowed = false;
    // Whatever this touch becomes, it counts instead of the one a moment ago.
    clearTimeout(this.#single);
    this.#wasIdle = this.acts.isIdle;
    if (!event.isPrimary) return;
    this.#touch = { id: event.pointerId, x: event.clientX, y: event.clientY, from: this.video.currentTime, to: null };
    this.#rest = setTimeout(() => this.#rested(), REST_MS);
  }

  #rested(): void {
    if (!this.#touch || this.video.paused) return;
    this.#speed = this.video.playbackRate;
    this.video.playbackRate = Math.max(HELD_SPEED, this.#speed);
    this.#tell(`${this.video.playbackRate} ×`, "middle", false);
  }

  #moved(event: PointerEvent): void {
    const touch = this.#touch;
    if (!touch || event.pointerId !== touch.id || this.#speed !== undefined) return;
    const [along, across] = [event.clientX - touch.x, event.clientY - touch.y];
    if (touch.to === null && Math.hypot(along, across) < SLOP) return;
    clearTimeout(this.#rest);
    if (touch.to === null && Math.abs(across) > Math.abs(along)) return this.#end();
    const { length } = this.acts;
    const by = (along / this.video.getBoundingClientRect().width) * Math.min(ACROSS_S, length);
    touch.to = Math.max(0, Math.min(length, touch.from + by));
    const steps = Math.round(touch.to - touch.from);
    this.#tell(`${clock(touch.to)} (${steps < 0 ? "−" : "+"}${Math.abs(steps)} s)`, "middle", false);
  }

  #up(event: PointerEvent): void {
    const to = this.#touch?.to ?? null;
    const wasTouch = to === null && this.#speed === undefined;
    this.#end();
    this.#isSwallowed = !wasTouch;
    if (to !== null) this.acts.seek(to);
    if (wasTouch) this.#touched(event);
  }

  #end(): void {
    clearTimeout(this.#rest);
    if (this.#speed !== undefined) this.video.playbackRate = this.#speed;
    if (this.#speed !== undefined || (this.#touch?.to ?? null) !== null) this.#hideSoon();
    this.#touch = this.#speed = undefined;
  }

  #touched(event: PointerEvent): void {
    const box = this.video.getBoundingClientRect();
    const share = (event.clientX - box.left) / box.width;
    const side = share < 1 / 3 ? "back" : share > 2 / 3 ? "forward" : "";
    const isSecond = side !== "" && side === this.#last.side && event.timeStamp - this.#last.at < QUICK_MS;
    this.#last = { at: event.timeStamp, side };
    if (!isSecond) return;
    this.#isSwallowed = true;
    this.acts.act(side as "back" | "forward");
    this.#tell(side === "back" ? "−10 s" : "+10 s", side);
  }

  #tell(words: string, side: string, isBrief = true): void {
    if (!this.jump) return;
    this.jump.textContent = words;
    this.jump.dataset["side"] = side;
    this.jump.hidden = false;
    clearTimeout(this.#told);
    if (isBrief) this.#hideSoon();
  }

  #hideSoon(): void {
    clearTimeout(this.#told);
    this.#told = setTimeout(() => this.jump && (this.jump.hidden = true), 600);
  }
}
