// One clip: its film, its buttons, its captions.
import { pick, read, savesData } from "./sources";

// On a phone the clip's words lie over the film's lower part: captions stand above them, at this share of its height.
const NARROW = "(width < 60rem)";
const CAPTION_LINE = 52;

export class Clip {
  readonly video: HTMLVideoElement;
  readonly #play: HTMLButtonElement | null;
  #isFetched = false;
  #captions = true;

  constructor(readonly root: HTMLElement) {
    this.video = root.querySelector("video") as HTMLVideoElement;
    this.#play = root.querySelector('[data-do="play"]');
  }

  wire(): void {
    const { video, root } = this;
    video.controls = false;
    video.muted = true;
    // Not even its head is fetched before it is wanted.
    video.removeAttribute("src");
    for (const name of ["play", "pause", "ended", "waiting", "playing"]) video.addEventListener(name, () => this.#told());
    video.addEventListener("timeupdate", () => {
      this.#done.style.setProperty("--done", String(video.duration ? video.currentTime / video.duration : 0));
    });
    for (const part of root.querySelectorAll<HTMLElement>('[data-part="tools"], [data-part="done"]')) part.hidden = false;
    if (this.#play) this.#play.hidden = false;
    this.#play?.addEventListener("click", () => this.toggle());
    for (const track of video.textTracks) track.mode = "disabled";
    for (const track of root.querySelectorAll("track")) track.addEventListener("load", () => this.#lift(track.track));
    this.#told();
  }

  get isEnded(): boolean {
    return this.video.ended;
  }

  /** Fetch enough to begin at once. */
  fetch(): void {
    if (this.#isFetched) return;
    this.#isFetched = true;
    const { video } = this;
    const box = this.root.getBoundingClientRect();
    const shorter = this.root.dataset["shape"] === "vertical" ? Math.min(box.width, 480) : Math.min(box.width * (9 / 16), 480);
    const chosen = pick(read(video.dataset["sources"] ?? ""), shorter * devicePixelRatio, savesData());
    if (chosen) video.src = chosen.url;
    video.preload = "auto";
    this.#showCaptions();
  }

  async play(): Promise<void> {
    this.fetch();
    try {
      await this.video.play();
    } catch {
      // The browser would not have it: the poster stays, and the button.
      this.#told();
    }
  }

  pause(): void {
    this.video.pause();
  }

  toggle(): void {
    if (this.video.paused) void this.play();
    else this.pause();
  }

  hear(isOn: boolean): void {
    this.video.muted = !isOn;
    this.root.querySelector('[data-do="sound"]')?.setAttribute("aria-pressed", String(isOn));
  }

  caption(isOn: boolean): void {
    this.#captions = isOn;
    this.root.querySelector('[data-do="captions"]')?.setAttribute("aria-pressed", String(isOn));
    if (this.#isFetched) this.#showCaptions();
  }

  /** In the language of the clip, else in the reader's. A track that is shown is fetched: not before its film. */
  #showCaptions(): void {
    const tracks = [...this.video.textTracks];
    const spoken = (language: string) => {
      const [code = ""] = language.toLowerCase().split("-");
      return tracks.find((track) => track.language.toLowerCase().split("-")[0] === code);
    };
    const chosen = spoken(this.video.lang) ?? spoken(document.documentElement.lang) ?? tracks[0];
    for (const track of tracks) track.mode = this.#captions && track === chosen ? "showing" : "disabled";
  }

  get #done(): HTMLElement {
    return this.root.querySelector('[data-part="done"]') as HTMLElement;
  }

  #lift(track: TextTrack): void {
    if (!window.matchMedia(NARROW).matches) return;
    for (const cue of track.cues ?? []) {
      if (!(cue instanceof VTTCue)) continue;
      cue.snapToLines = false;
      cue.line = CAPTION_LINE;
    }
  }

  #told(): void {
    const { video } = this;
    this.root.dataset["state"] = video.ended ? "ended" : video.paused ? "paused" : "playing";
    const says = video.ended ? "again" : video.paused ? "play" : "pause";
    this.#play?.setAttribute("aria-label", this.#play.dataset[says] ?? "");
  }
}
