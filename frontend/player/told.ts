// Answers for what a key did, said to whoever does not see it: the sentences are Django's, their gaps are filled here.
import type { Loop } from "./loop";
import type { Act } from "./shortcuts";
import { clock, filled } from "./time";

const percent = (share: number): string =>
  new Intl.NumberFormat(document.documentElement.lang || "en", { style: "percent", maximumFractionDigits: 0 }).format(share);

export class Told {
  constructor(
    private readonly place: HTMLElement | null,
    private readonly video: HTMLVideoElement,
    private readonly loop: Pick<Loop, "span">,
    private readonly isTheatre: () => boolean,
  ) {}

  tell(act: Act): void {
    const words = this.#words(act);
    if (this.place && words) this.place.textContent = words;
  }

  #words(act: Act): string {
    const { volume, muted, playbackRate } = this.video;
    switch (act) {
      case "slower":
      case "faster":
        return this.#say("speed", { speed: String(playbackRate) });
      case "louder":
      case "softer":
      case "mute":
        return muted || volume === 0 ? this.#say("silent") : this.#say("volume", { percent: percent(volume) });
      case "captions":
        return this.#captions();
      case "loop":
        return this.#loop();
      case "theatre":
        return this.#say(this.isTheatre() ? "theatre" : "noTheatre");
      default:
        return "";
    }
  }

  #captions(): string {
    const tracks = [...this.video.textTracks];
    const shown = tracks.find((track) => track.mode === "showing");
    if (shown) return this.#say("captions", { language: shown.label });
    return this.#say(tracks.length ? "noCaptions" : "captionsMissing");
  }

  #loop(): string {
    const [from, to] = this.loop.span.map(clock);
    if (from === undefined) return this.#say("loopOff");
    return to === undefined ? this.#say("loopFrom", { from }) : this.#say("loop", { from, to });
  }

  #say(name: string, gaps: Record<string, string> = {}): string {
    return filled(this.place?.dataset[name] ?? "", gaps);
  }
}
