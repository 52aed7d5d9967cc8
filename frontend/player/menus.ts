// Answers for the player's menus (speed, quality, captions): which line is pressed, and that a menu closes when left.
import { isDear } from "./line";
import * as memory from "./memory";
import type { Source } from "./source";

const NAME = "kezhan.data";

/** Of qualities on offer ("auto", "sound", lines) the most lines that are not more than wanted, or the fewest. */
export function nextBelow(wanted: number, offered: readonly string[]): string {
  const lines = offered.map(Number).filter((each) => each > 0);
  const below = lines.filter((each) => each <= wanted);
  if (below.length) return String(Math.max(...below));
  return wanted > 0 && lines.length ? String(Math.min(...lines)) : "auto";
}

export class Menus {
  constructor(
    private readonly root: HTMLElement,
    private readonly source: Source,
    private readonly setSpeed: (speed: number) => void,
  ) {}

  start(): void {
    for (const button of this.#lines("speed")) {
      button.addEventListener("click", () => this.setSpeed(Number(button.dataset["speed"])));
    }
    for (const button of this.#lines("quality")) {
      button.addEventListener("click", () => void this.#chooseQuality(button.dataset["quality"] ?? "auto"));
    }
    for (const menu of this.root.querySelectorAll<HTMLDetailsElement>("details.player__menu")) this.#closeWhenLeft(menu);
  }

  /** The browser's own HLS lets nobody choose a quality. */
  offerLevels(areThere: boolean): void {
    const menu = this.root.querySelector<HTMLElement>('[data-part="quality"]');
    if (menu) menu.hidden = !areThere;
  }

  showSpeed(speed: number): void {
    this.#press("speed", String(speed));
    const told = this.root.querySelector('[data-part="speed-now"]');
    if (told) told.textContent = `${speed}×`;
  }

  showQuality(auto: boolean, lines: number): void {
    const told = this.root.querySelector('[data-part="quality-now"]');
    if (told) told.textContent = lines > 0 ? `${lines}p` : "";
    if (lines > 0) this.#press("quality", auto ? "auto" : String(lines));
  }

  /** What was chosen for the film before is chosen for this one, or what this one has next below it. */
  recall(): void {
    const kept = memory.recall(NAME) ?? "auto";
    // Chosen at home, many lines are no choice for a line where every byte counts: there the line itself decides.
    if (kept !== "sound" && isDear()) return;
    const offered = this.#lines("quality").map((line) => line.dataset["quality"] ?? "auto");
    const fitting = offered.includes(kept) ? kept : nextBelow(Number(kept), offered);
    if (fitting !== "auto") void this.#apply(fitting);
  }

  async #chooseQuality(quality: string): Promise<void> {
    memory.keep(NAME, quality);
    await this.#apply(quality);
  }

  async #apply(quality: string): Promise<void> {
    this.root.toggleAttribute("data-sound-only", quality === "sound");
    if (quality === "sound") {
      if (await this.source.chooseSoundOnly()) this.#press("quality", "sound");
    } else {
      await this.source.chooseLines(quality === "auto" ? null : Number(quality));
      this.#press("quality", quality);
    }
  }

  #closeWhenLeft(menu: HTMLDetailsElement): void {
    document.addEventListener("pointerdown", (event) => {
      if (menu.open && !menu.contains(event.target as Node)) menu.open = false;
    });
    menu.addEventListener("focusout", (event) => {
      if (event.relatedTarget && !menu.contains(event.relatedTarget as Node)) menu.open = false;
    });
    menu.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !menu.open) return;
      menu.open = false;
      menu.querySelector("summary")?.focus();
      event.stopPropagation();
    });
    menu.addEventListener("click", (event) => {
      if ((event.target as Element).closest("button")) menu.open = false;
    });
  }

  #press(name: string, value: string): void {
    for (const button of this.#lines(name)) {
      button.setAttribute("aria-pressed", String(button.dataset[name] === value));
    }
  }

  #lines(name: string): HTMLElement[] {
    return [...this.root.querySelectorAll<HTMLElement>(`button[data-${name}]`)];
  }
}
