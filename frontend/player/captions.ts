// Answers for captions: which track shows and how it looks, both remembered for the next film.
import * as memory from "./memory";

const NAME = "kezhan.captions";
const LAST = "kezhan.captions-last";
const STYLES = { cueSize: "kezhan.cue-size", cueGround: "kezhan.cue-ground" } as const;
type Style = keyof typeof STYLES;

export class Captions {
  constructor(
    private readonly video: HTMLVideoElement,
    private readonly root: HTMLElement,
  ) {}

  start(): void {
    const wanted = memory.recall(NAME) ?? "";
    this.show(this.#tracks().some((track) => track.language === wanted) ? wanted : "");
    for (const button of this.#buttons("track")) {
      button.addEventListener("click", () => this.choose(button.dataset["track"] ?? ""));
    }
    for (const style of Object.keys(STYLES) as Style[]) this.#startStyle(style);
  }

  choose(language: string): void {
    memory.keep(NAME, language);
    if (language) memory.keep(LAST, language);
    this.show(language);
  }

  /** On and off: back to the language chosen last, or the first there is. */
  toggle(): void {
    const tracks = this.#tracks();
    const showing = tracks.find((track) => track.mode === "showing");
    const last = tracks.find((track) => track.language === memory.recall(LAST)) ?? tracks[0];
    this.choose(showing ? "" : (last?.language ?? ""));
  }

  /** Fresh addresses for what was not loaded yet; what was loaded needs none. */
  renew(fresh: (address: string) => string): void {
    for (const track of this.video.querySelectorAll("track")) {
      if (track.readyState !== HTMLTrackElement.LOADED) track.src = fresh(track.src);
    }
  }

  show(language: string): void {
    for (const track of this.#tracks()) track.mode = track.language === language ? "showing" : "disabled";
    this.#press("track", language);
  }

  #startStyle(style: Style): void {
    const name = style === "cueSize" ? "cue-size" : "cue-ground";
    const set = (value: string) => {
      this.root.dataset[style] = value;
      this.#press(name, value);
    };
    const kept = memory.recall(STYLES[style]);
    if (kept && this.#buttons(name).some((button) => button.dataset[style] === kept)) set(kept);
    for (const button of this.#buttons(name)) {
      button.addEventListener("click", () => {
        memory.keep(STYLES[style], button.dataset[style] ?? "");
        set(button.dataset[style] ?? "");
      });
    }
  }

  #press(name: string, value: string): void {
    for (const button of this.#buttons(name)) {
      button.setAttribute("aria-pressed", String((button.getAttribute(`data-${name}`) ?? "") === value));
    }
  }

  #buttons(name: string): HTMLElement[] {
    return [...this.root.querySelectorAll<HTMLElement>(`button[data-${name}]`)];
  }

  #tracks(): TextTrack[] {
    return [...this.video.textTracks].filter((track) => track.kind === "captions" || track.kind === "subtitles");
  }
}
