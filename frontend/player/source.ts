// Answers for the film reaching the screen: hls.js where the browser has Media Source, its own HLS otherwise; quality,
// sound only, and getting over a cut connection.
import type Hls from "hls.js";
import type { ErrorData } from "hls.js";
import { beside, nameBeside } from "./addresses";
import { loadHls } from "./hls";
import { loaderKnowing } from "./known";
import { waitMs } from "./patience";

export interface SourceEvents {
  /** `auto` and the lines that play now (0: unknown). */
  onQuality(auto: boolean, lines: number): void;
  onTrouble(trouble: "connection" | "refused" | "broken"): void;
  onRecovered(): void;
  /** The media element is about to lose its source, and with it what it knows of what was played. */
  beforeReset(): void;
}

interface Sound {
  url: string;
  groupId: string;
  bitrate: number;
}

/** Of sounds whose group says how many kilobits they have ("a64"), the one with the fewest. */
export function smallest<One extends Sound>(sounds: readonly One[]): One | undefined {
  const kilobits = (one: One) => Number(/\d+/.exec(one.groupId)?.[0] ?? one.bitrate / 1000);
  return sounds.toSorted((one, other) => kilobits(one) - kilobits(other))[0];
}

/** A picture has as many lines as its shorter side, however it is turned. */
const linesOf = (level: { width: number; height: number }) => Math.min(level.width, level.height);

export class Source {
  #hls: Hls | undefined;
  #events: typeof Hls.Events | undefined;
  #retries = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #mediaErrorsAt = 0;
  #master = "";
  // What was chosen: the name of the sound that is played alone, or so many lines; null: by bandwidth.
  #sound: string | null = null;
  #lines: number | null = null;
  #native: AbortController | undefined;
  // A fresh address that is not in use yet: all that was wanted is here.
  #isKept = false;
  #wasRefused = false;

  constructor(
    private readonly video: HTMLVideoElement,
    private readonly events: SourceEvents,
  ) {
    // The browser's own player needs no word of it: its failure was handed to the renewal, which listens itself.
    window.addEventListener("online", () => this.#timer !== undefined && this.#retryNow());
  }

  /** Whether quality can be chosen; the browser's own HLS decides alone. */
  get hasLevels(): boolean {
    return this.#hls !== undefined;
  }

  /** `known`: the master's text, where the page brought it along. */
  async open(master: string, at: number, known = ""): Promise<void> {
    this.#master = master;
    const Player = await loadHls();
    if (!Player.isSupported()) {
      this.#openNatively(master, at);
      return;
    }
    this.video.removeAttribute("src");
    this.#attach(Player, master, at, known);
  }

  #attach(Player: typeof Hls, address: string, at: number, known = ""): void {
    this.#hls?.destroy();
    const hls = new Player({
      startPosition: at,
      capLevelToPlayerSize: true,
      // hls.js takes the first for the least and would load up to ten minutes ahead of a small picture.
      maxBufferLength: 30,
      maxMaxBufferLength: 30,
      backBufferLength: 60,
      // Captions are <track> elements that Django rendered; hls.js must not add its own beside them.
      enableWebVTT: false,
      enableIMSC1: false,
      enableCEA708Captions: false,
      ...(known && { pLoader: loaderKnowing(Player, address, known) }),
    });
    hls.on(Player.Events.LEVEL_SWITCHED, () => this.#tellQuality());
    hls.on(Player.Events.FRAG_LOADED, () => this.#settled());
    hls.on(Player.Events.ERROR, (_event, error) => this.#onError(Player, hls, error));
    hls.loadSource(address);
    hls.attachMedia(this.video);
    this.#hls = hls;
    this.#events = Player.Events;
  }

  #openNatively(master: string, at: number): void {
    this.video.src = master;
    this.video.preload = "metadata";
    if (at > 0) {
      this.video.addEventListener("loadedmetadata", () => void (this.video.currentTime = at), { once: true });
    }
    // It says of no failure whether the address was only too old: a fresh one is asked for, and tells.
    this.#native?.abort();
    this.#native = new AbortController();
    const { signal } = this.#native;
    this.video.addEventListener("error", () => this.events.onTrouble("refused"), { once: true, signal });
    this.video.addEventListener("playing", () => this.events.onRecovered(), { once: true, signal });
  }

  /** `null`: by bandwidth. */
  async chooseLines(lines: number | null): Promise<void> {
    this.#lines = lines;
    const isAlone = this.#sound !== null;
    this.#sound = null;
    if (isAlone) await this.#reopen(this.#master);
    this.#pickLevel();
  }

  #pickLevel(): void {
    const hls = this.#hls;
    if (!hls || !this.#events) return;
    const pick = () => {
      const lines = this.#lines;
      hls.nextLevel = lines === null ? -1 : hls.levels.findIndex((level) => linesOf(level) === lines);
      this.#tellQuality();
    };
    if (hls.levels.length) pick();
    else hls.once(this.#events.MANIFEST_PARSED, pick);
  }

  /** The smallest separate sound as the only thing to load. False where this film has none. */
  async chooseSoundOnly(): Promise<boolean> {
    const hls = this.#hls;
    if (!hls || !this.#events) return false;
    const { MANIFEST_PARSED } = this.#events;
    if (!hls.levels.length) await new Promise<void>((resolve) => hls.once(MANIFEST_PARSED, () => resolve()));
    const sound = smallest(hls.allAudioTracks);
    if (!sound) return false;
    this.#sound = nameBeside(this.#master, sound.url);
    await this.#reopen(sound.url);
    return true;
  }

  async #reopen(address: string): Promise<void> {
    const Player = await loadHls();
    // Read only now: whoever pressed play while we waited wants it to go on playing.
    const { currentTime, paused, playbackRate } = this.video;
    this.events.beforeReset();
    this.#attach(Player, address, currentTime);
    this.video.playbackRate = playbackRate;
    if (!paused) void this.video.play().catch(() => undefined);
  }

  /** A fresh address, after the old one was refused: what was chosen stays chosen. */
  async renew(master: string): Promise<void> {
    this.#master = master;
    // Something beside the film was refused: what is loaded of it plays on as it is.
    this.#isKept = this.#hls !== undefined && !this.#wasRefused && this.#isWhole();
    if (!this.#isKept) await this.#useFresh();
  }

  /** Whether all that is left to play is here. */
  #isWhole(): boolean {
    const { buffered, currentTime, duration } = this.video;
    for (let index = 0; index < buffered.length; index += 1) {
      if (buffered.start(index) <= currentTime + 0.1 && buffered.end(index) >= duration - 0.5) return true;
    }
    return false;
  }

  async #useFresh(): Promise<void> {
    this.#isKept = this.#wasRefused = false;
    const master = this.#master;
    if (this.#hls) {
      await this.#reopen(this.#sound === null ? master : beside(master, this.#sound));
      if (this.#sound === null && this.#lines !== null) this.#pickLevel();
    } else {
      this.#reopenNatively();
    }
  }

  #reopenNatively(): void {
    const { currentTime, paused } = this.video;
    this.events.beforeReset();
    this.#openNatively(this.#master, currentTime);
    if (!paused) void this.video.play().catch(() => undefined);
  }

  #tellQuality(): void {
    const hls = this.#hls;
    if (!hls) return;
    const level = hls.levels[Math.max(0, hls.currentLevel)];
    this.events.onQuality(hls.autoLevelEnabled, level ? linesOf(level) : 0);
  }

  #onError(Player: typeof Hls, hls: Hls, error: ErrorData): void {
    const status = error.response?.code ?? 0;
    if ([401, 403, 404, 410].includes(status)) {
      hls.stopLoad();
      if (this.#isKept) return void this.#useFresh();
      this.#wasRefused = true;
      this.events.onTrouble("refused");
    } else if (error.fatal && error.type === Player.ErrorTypes.NETWORK_ERROR) {
      this.events.onTrouble("connection");
      this.#retryLater();
    } else if (error.fatal && error.type === Player.ErrorTypes.MEDIA_ERROR) {
      this.#recoverMedia(hls);
    } else if (error.fatal) {
      this.events.onTrouble("broken");
    }
  }

  #recoverMedia(hls: Hls): void {
    const now = performance.now();
    if (this.#mediaErrorsAt && now - this.#mediaErrorsAt < 5_000) {
      this.events.onTrouble("broken");
      return;
    }
    this.#mediaErrorsAt = now;
    this.events.beforeReset();
    hls.recoverMediaError();
  }

  #retryLater(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#retryNow(), waitMs(this.#retries));
    this.#retries += 1;
  }

  #retryNow(): void {
    clearTimeout(this.#timer);
    const hls = this.#hls;
    if (!hls) {
      if (this.video.error) this.#reopenNatively();
      return;
    }
    // Without a first level list there is nothing to go on with: ask for it again, master or sound alone.
    if (hls.levels.length) hls.startLoad(this.video.currentTime);
    else hls.loadSource(hls.url ?? this.#master);
    this.#timer = setTimeout(() => this.#retryLater(), 10_000);
  }

  retry(): void {
    this.#retries = 0;
    this.#retryNow();
  }

  #settled(): void {
    if (this.#timer === undefined) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#retries = 0;
    this.events.onRecovered();
  }
}
