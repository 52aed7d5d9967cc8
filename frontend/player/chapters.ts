// Answers for chapters: a line of the menu leads to its beginning, the one that plays is marked, the seek bar names them.

export class Chapters {
  readonly #lines: HTMLElement[];

  constructor(
    private readonly video: HTMLVideoElement,
    root: HTMLElement,
    private readonly seek: (to: number) => void,
  ) {
    this.#lines = [...root.querySelectorAll<HTMLElement>("[data-chapter]")];
  }

  start(): void {
    for (const line of this.#lines) line.addEventListener("click", () => this.seek(this.#beginning(line)));
    if (this.#lines.length) this.video.addEventListener("timeupdate", () => this.#mark());
  }

  /** The title of the chapter that this second is in; empty without one. */
  at(second: number): string {
    return this.#lineAt(second)?.querySelector("[data-part=chapter-title]")?.textContent ?? "";
  }

  #mark(): void {
    const now = this.#lineAt(this.video.currentTime);
    for (const line of this.#lines) {
      if (line === now) line.setAttribute("aria-current", "true");
      else line.removeAttribute("aria-current");
    }
  }

  #lineAt(second: number): HTMLElement | undefined {
    return this.#lines.filter((line) => this.#beginning(line) <= second + 0.05).at(-1);
  }

  #beginning(line: HTMLElement): number {
    return Number(line.dataset["chapter"]);
  }
}
