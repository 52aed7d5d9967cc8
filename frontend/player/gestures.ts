// Answers for fingers on the film: two quick touches at its side go ten seconds back or forward, in its middle they play.

const QUICK_MS = 300;

export class Gestures {
  #last = { at: -Infinity, side: "" };
  #told: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly video: HTMLVideoElement,
    private readonly act: (act: "back" | "forward") => void,
    private readonly jump: HTMLElement | null,
  ) {}

  start(): void {
    this.video.addEventListener("pointerup", (event) => event.pointerType === "touch" && this.touched(event));
  }

  private touched(event: PointerEvent): void {
    const box = this.video.getBoundingClientRect();
    const share = (event.clientX - box.left) / box.width;
    const side = share < 1 / 3 ? "back" : share > 2 / 3 ? "forward" : "";
    const isSecond = side !== "" && side === this.#last.side && event.timeStamp - this.#last.at < QUICK_MS;
    this.#last = { at: event.timeStamp, side };
    if (!isSecond) return;
    this.act(side as "back" | "forward");
    this.#tell(side === "back" ? "−10 s" : "+10 s", side);
  }

  #tell(words: string, side: string): void {
    if (!this.jump) return;
    this.jump.textContent = words;
    this.jump.dataset["side"] = side;
    this.jump.hidden = false;
    clearTimeout(this.#told);
    this.#told = setTimeout(() => this.jump && (this.jump.hidden = true), 600);
  }
}
