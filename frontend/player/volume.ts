// Answers for how loud the film is, and that the next film is as loud.
import * as memory from "./memory";

const NAME = "kezhan.volume";

export class Volume {
  constructor(
    private readonly video: HTMLVideoElement,
    private readonly range: HTMLInputElement | null,
    private readonly button: HTMLElement | null,
  ) {}

  start(): void {
    this.#recall();
    this.video.addEventListener("volumechange", () => {
      this.#keep();
      this.#draw();
    });
    this.range?.addEventListener("input", () => this.set(Number(this.range?.value) / 100));
    this.#draw();
  }

  /** From 0 (silent) to 1. */
  set(volume: number): void {
    this.video.volume = Math.max(0, Math.min(1, volume));
    this.video.muted = this.video.volume === 0;
  }

  change(by: number): void {
    this.set(this.video.volume + by);
  }

  toggle(): void {
    const isSilent = this.video.muted || this.video.volume === 0;
    this.video.muted = !isSilent;
    // Pulled down to nothing, it would stay without a sound.
    if (isSilent && this.video.volume === 0) this.video.volume = 0.5;
  }

  #recall(): void {
    const [percent, muted] = (memory.recall(NAME) ?? "").split(" ");
    const volume = Number(percent || "x") / 100;
    if (!(volume >= 0 && volume <= 1)) return;
    this.video.volume = volume;
    this.video.muted = muted === "muted";
  }

  #keep(): void {
    memory.keep(NAME, `${Math.round(this.video.volume * 100)}${this.video.muted ? " muted" : ""}`);
  }

  #draw(): void {
    const heard = this.video.muted ? 0 : Math.round(this.video.volume * 100);
    if (this.range) this.range.value = String(heard);
    this.range?.style.setProperty("--played", String(heard));
    this.button?.setAttribute("aria-pressed", String(this.video.muted));
  }
}
