// Answers for the size of the film: full screen (also where only the video itself can have it), picture in picture, theatre.
import * as memory from "./memory";

const NAME = "kezhan.theatre";

interface AppleVideo extends HTMLVideoElement {
  webkitEnterFullscreen?: () => void;
}

export class Screen {
  constructor(
    private readonly root: HTMLElement,
    private readonly video: AppleVideo,
    private readonly button: (act: string) => HTMLElement | null,
    /** The browser opens no window for the film. */
    private readonly onRefused: () => void = () => undefined,
  ) {}

  start(): void {
    const canFill = document.fullscreenEnabled || this.#isMarked() || typeof this.video.webkitEnterFullscreen === "function";
    this.#offer("full", canFill);
    // A film in a window of its own leaves the viewer's moving name behind.
    if (this.#isMarked()) this.video.disablePictureInPicture = true;
    this.#offer("pip", document.pictureInPictureEnabled === true && !this.#isMarked());
    this.#offer("theatre", this.#layout() !== null);
    document.addEventListener("fullscreenchange", () => {
      const isFull = document.fullscreenElement === this.root;
      this.root.toggleAttribute("data-full", isFull);
      this.button("full")?.setAttribute("aria-pressed", String(isFull));
    });
    for (const event of ["enterpictureinpicture", "leavepictureinpicture"]) {
      this.video.addEventListener(event, () =>
        this.button("pip")?.setAttribute("aria-pressed", String(document.pictureInPictureElement === this.video)),
      );
    }
    if (memory.recall(NAME) === "on") this.#setTheatre(true);
  }

  async toggleFull(): Promise<void> {
    if (document.fullscreenElement) await document.exitFullscreen();
    else if (document.fullscreenEnabled) await this.root.requestFullscreen();
    // Where only the bare video can have the screen, a film with its viewer's name fills the window instead.
    else if (this.#isMarked()) this.button("full")?.setAttribute("aria-pressed", String(this.root.toggleAttribute("data-window")));
    else this.video.webkitEnterFullscreen?.();
  }

  async togglePip(): Promise<void> {
    try {
      if (document.pictureInPictureElement) await document.exitPictureInPicture();
      else if (document.pictureInPictureEnabled && !this.#isMarked()) await this.video.requestPictureInPicture();
    } catch {
      this.onRefused();
    }
  }

  toggleTheatre(): void {
    if (this.#layout()) this.#setTheatre(!this.isTheatre);
  }

  get isTheatre(): boolean {
    return this.#layout()?.hasAttribute("data-theatre") ?? false;
  }

  #setTheatre(on: boolean): void {
    this.#layout()?.toggleAttribute("data-theatre", on);
    this.button("theatre")?.setAttribute("aria-pressed", String(on));
    memory.keep(NAME, on ? "on" : "off");
  }

  #isMarked(): boolean {
    return this.root.querySelector('[data-part="mark"]') !== null;
  }

  #layout(): HTMLElement | null {
    return this.root.closest<HTMLElement>(".lesson-layout");
  }

  #offer(act: string, isThere: boolean): void {
    const button = this.button(act);
    if (button) button.hidden = !isThere;
  }
}
