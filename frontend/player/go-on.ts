// Answers for going on by itself: whether the viewer wants it, the seconds before it, and that the next film then plays.
import * as memory from "./memory";

const NAME = "kezhan.go-on";
const COMING = "kezhan.coming";
const SECONDS = 8;
const BELIEVED_MS = 30_000;

/** Somebody in the middle of a sentence is not led away, and keeps the cursor. */
export function isWriting(at: Element | null = document.activeElement): boolean {
  if (at instanceof HTMLInputElement) return !["checkbox", "radio", "range", "button", "submit"].includes(at.type);
  return at instanceof HTMLTextAreaElement || (at instanceof HTMLElement && at.isContentEditable);
}

/** Whether leaving would lose words, or a window lies open over the page. */
export function isBusy(): boolean {
  const fields = document.querySelectorAll<HTMLTextAreaElement | HTMLInputElement>("textarea, input[type=text]:not([name=at])");
  return isWriting() || [...fields].some((each) => each.value !== each.defaultValue) || Boolean(document.querySelector("dialog[open]"));
}

/** Whether the page before promised just now that this page's film plays. It is asked once. */
export function wasPromised(): boolean {
  const [at, path] = (memory.recall(COMING) ?? "").split(" ");
  memory.forget(COMING);
  return path === location.pathname && Date.now() - Number(at) < BELIEVED_MS;
}

export class GoOn {
  #ticks: ReturnType<typeof setInterval> | undefined;
  #left = SECONDS;

  constructor(
    private readonly root: HTMLElement,
    private readonly next: HTMLAnchorElement | null,
    private readonly leave: (address: string) => void = (address) => location.assign(address),
  ) {}

  start(): void {
    const box = this.#box();
    if (!box) return;
    box.checked = memory.recall(NAME) === "on";
    box.addEventListener("change", () => {
      memory.keep(NAME, box.checked ? "on" : "off");
      if (box.checked) this.ended();
      else this.stop();
    });
    this.next?.addEventListener("click", () => this.#promise());
  }

  ended(): void {
    if (!this.next || !this.#box()?.checked || isBusy()) return;
    this.stop();
    this.#left = SECONDS;
    this.#draw();
    this.#show(true);
    this.#ticks = setInterval(() => this.#tick(), 1000);
  }

  stop(): void {
    clearInterval(this.#ticks);
    this.#show(false);
  }

  #tick(): void {
    this.#left -= 1;
    this.#draw();
    if (this.#left > 0) return;
    this.stop();
    if (!this.next || isBusy()) return;
    this.#promise();
    this.leave(this.next.href);
  }

  #promise(): void {
    if (this.next && this.#box()?.checked) memory.keep(COMING, `${Date.now()} ${new URL(this.next.href).pathname}`);
  }

  #draw(): void {
    const told = this.root.querySelector('[data-part="going-in"]');
    if (told) told.textContent = String(this.#left);
  }

  #show(isShown: boolean): void {
    const part = this.root.querySelector<HTMLElement>('[data-part="going"]');
    if (part) part.hidden = !isShown;
  }

  #box(): HTMLInputElement | null {
    return this.root.querySelector<HTMLInputElement>('[data-part="go-on"]');
  }
}
