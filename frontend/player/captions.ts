// Answers for captions: which track shows, and that the choice is remembered for the next film.
import * as memory from "./memory";

const NAME = "kezhan.captions";

export class Captions {
  constructor(
    private readonly video: HTMLVideoElement,
    private readonly buttons: HTMLElement[],
  ) {}

  start(): void {
    const wanted = memory.recall(NAME) ?? "";
    this.show(this.#tracks().some((track) => track.language === wanted) ? wanted : "");
    for (const button of this.buttons) {
      button.addEventListener("click", () => this.choose(button.dataset["track"] ?? ""));
    }
  }

  choose(language: string): void {
    memory.keep(NAME, language);
    this.show(language);
  }

  /** On and off: back to the language chosen last, or the first there is. */
  toggle(): void {
    const tracks = this.#tracks();
    const showing = tracks.find((track) => track.mode === "showing");
    this.choose(showing ? "" : (tracks[0]?.language ?? ""));
  }

  show(language: string): void {
    for (const track of this.#tracks()) track.mode = track.language === language ? "showing" : "disabled";
    for (const button of this.buttons) {
      button.setAttribute("aria-pressed", String((button.dataset["track"] ?? "") === language));
    }
  }

  #tracks(): TextTrack[] {
    return [...this.video.textTracks].filter((track) => track.kind === "captions" || track.kind === "subtitles");
  }
}
