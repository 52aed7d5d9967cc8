// Several clips, one on the screen: which one plays, which one is fetched next, keys, sound and captions for all.
import { belongsTo, offerKeys, reach } from "../player/shortcuts";
import { filled } from "../player/time";
import { Clip } from "./clip";
import { mayAutoplay } from "./sources";

const SEEN = 0.6;
const NEXT: Record<string, number> = { KeyJ: 1, ArrowDown: 1, PageDown: 1, KeyK: -1, ArrowUp: -1, PageUp: -1 };

export class Feed {
  readonly #clips: Clip[];
  readonly #end: HTMLElement | null;
  #at = -1;
  #hears = false;
  #captions = true;
  readonly #autoplays = mayAutoplay();

  constructor(private readonly root: HTMLElement) {
    this.#clips = [...root.querySelectorAll<HTMLElement>("[data-clip]")].map((one) => new Clip(one));
    this.#end = root.querySelector("[data-clip-end]");
  }

  start(): void {
    const { root } = this;
    for (const clip of this.#clips) {
      clip.wire();
      clip.caption(this.#captions);
      clip.root.querySelector('[data-do="sound"]')?.addEventListener("click", () => this.#hear(!this.#hears));
      clip.root.querySelector('[data-do="captions"]')?.addEventListener("click", () => this.#caption(!this.#captions));
    }
    if (this.#end && this.#clips.length > 0) {
      this.#measure();
      window.addEventListener("resize", () => this.#measure());
      root.dataset["live"] = "";
    }
    for (const keys of document.querySelectorAll<HTMLElement>('[data-part="keys"]')) keys.hidden = this.#clips.length === 0;
    offerKeys(document.querySelector<HTMLInputElement>('[data-part="keys-reach"]'));
    const watch = new IntersectionObserver((seen) => this.#saw(seen), { threshold: SEEN });
    for (const screen of this.#screens) watch.observe(screen);
    document.addEventListener("keydown", (event) => this.#key(event));
    document.addEventListener("visibilitychange", () => document.hidden && this.#present?.pause());
  }

  get #screens(): HTMLElement[] {
    return [...this.#clips.map((clip) => clip.root), ...(this.#end ? [this.#end] : [])];
  }

  get #present(): Clip | undefined {
    return this.#clips[this.#at];
  }

  /** What stands above the clips takes of the screen what they leave. */
  #measure(): void {
    const above = this.root.getBoundingClientRect().top + window.scrollY;
    this.root.style.setProperty("--top", `${above}px`);
  }

  #saw(seen: IntersectionObserverEntry[]): void {
    for (const entry of seen) {
      const at = this.#screens.indexOf(entry.target as HTMLElement);
      if (entry.isIntersecting) this.#show(at);
      else if (at === this.#at) this.#clips[at]?.pause();
    }
  }

  #show(at: number): void {
    if (at === this.#at) {
      if (this.#autoplays && !this.#clips[at]?.isEnded) void this.#clips[at]?.play();
      return;
    }
    this.#present?.pause();
    this.#at = at;
    const clip = this.#present;
    this.#say(at);
    if (!this.#autoplays) return;
    // One after another: the next is fetched when this one has begun, so that they do not share the line.
    void clip?.play().then(() => this.#clips[at + 1]?.fetch());
  }

  #say(at: number): void {
    const said = this.root.querySelector('[data-part="said"]');
    const clip = this.#clips[at];
    if (!said) return;
    const facts = { number: String(at + 1), count: String(this.#clips.length), title: clip?.root.dataset["title"] ?? "" };
    said.textContent = clip ? filled(this.root.dataset["says"] ?? "", facts) : (this.root.dataset["ends"] ?? "");
  }

  #hear(isOn: boolean): void {
    this.#hears = isOn;
    for (const clip of this.#clips) clip.hear(isOn);
  }

  #caption(isOn: boolean): void {
    this.#captions = isOn;
    for (const clip of this.#clips) clip.caption(isOn);
  }

  #key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || event.isComposing) return;
    if (belongsTo(event.target, event.code) || !reach(this.root, event.target)) return;
    const step = NEXT[event.code];
    if (step !== undefined && this.#end) this.#go(this.#at + step);
    else if (event.code === "Space") this.#present?.toggle();
    else if (event.code === "KeyM") this.#hear(!this.#hears);
    else if (event.code === "KeyC") this.#caption(!this.#captions);
    else return;
    event.preventDefault();
  }

  #go(to: number): void {
    const screen = this.#screens[Math.min(Math.max(0, to), this.#screens.length - 1)];
    screen?.scrollIntoView({ block: "start" });
    screen?.focus({ preventScroll: true });
  }
}
