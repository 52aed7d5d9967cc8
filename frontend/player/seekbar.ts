// Answers for the seek bar: a range input that shows what was played and loaded, and says its value in words.
import { clock, filled, spoken } from "./time";

export class SeekBar {
  #isDragged = false;
  /** What is said of a second besides its time: the chapter that it is in. */
  name: (second: number) => string = () => "";
  /** Draws what the film shows at a second, above the bar. */
  picture: (second: number) => void = () => undefined;

  constructor(
    private readonly video: HTMLVideoElement,
    private readonly range: HTMLInputElement,
    private readonly tip: HTMLElement | null,
    private readonly told: HTMLElement | null,
    private readonly lengthS: number,
  ) {}

  get length(): number {
    return Number.isFinite(this.video.duration) && this.video.duration > 0 ? this.video.duration : this.lengthS;
  }

  start(): void {
    this.range.addEventListener("input", () => {
      this.#isDragged = true;
      this.#draw(Number(this.range.value));
    });
    this.range.addEventListener("change", () => {
      this.#isDragged = false;
      this.video.currentTime = Number(this.range.value);
    });
    for (const event of ["timeupdate", "progress", "loadedmetadata", "durationchange", "seeking"]) {
      this.video.addEventListener(event, () => this.draw());
    }
    this.range.addEventListener("pointermove", (event) => this.#point(event));
    this.range.addEventListener("pointerleave", () => this.tip?.setAttribute("hidden", ""));
    this.draw();
  }

  /** Show a moment that is not played yet, as when a film will go on where it was left. */
  draw(at?: number): void {
    if (!this.#isDragged) this.#draw(at ?? this.video.currentTime);
  }

  #draw(at: number): void {
    const { length, range } = this;
    range.max = String(Math.max(1, Math.floor(length)));
    if (!this.#isDragged) range.value = String(at);
    range.style.setProperty("--played", String((at / length) * 100));
    range.style.setProperty("--loaded", String((this.#loadedUntil(at) / length) * 100));
    const language = document.documentElement.lang || "en";
    const words = { position: spoken(at, language), length: spoken(length, language) };
    range.setAttribute("aria-valuetext", filled(range.dataset["says"] ?? "{position} / {length}", words));
    if (this.told) this.told.textContent = `${clock(at)} / ${clock(length)}`;
  }

  #loadedUntil(at: number): number {
    const { buffered } = this.video;
    for (let index = 0; index < buffered.length; index += 1) {
      if (buffered.start(index) <= at + 0.5 && at <= buffered.end(index)) return buffered.end(index);
    }
    return at;
  }

  #point(event: PointerEvent): void {
    if (!this.tip) return;
    const box = this.range.getBoundingClientRect();
    const share = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
    this.tip.hidden = false;
    const chapter = this.name(share * this.length);
    const words = this.tip.querySelector("[data-part=tip-words]");
    if (words) words.textContent = `${chapter ? `${chapter} · ` : ""}${clock(share * this.length)}`;
    this.picture(share * this.length);
    // Held inside the film: a picture at its edge would be cut off.
    const half = Math.min(50, (this.tip.offsetWidth / 2 / box.width) * 100);
    this.tip.style.setProperty("inset-inline-start", `${Math.min(100 - half, Math.max(half, share * 100))}%`);
  }
}
