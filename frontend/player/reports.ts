// Answers for the evidence of watching: what was played goes to the server every few seconds, and when the page is left.
// Each report carries everything of this session, so a lost one is healed by the next, and none counts twice.
import type { Played } from "./intervals";
import * as memory from "./memory";

const EVERY_MS = 8_000;
const OUTBOX = "kezhan.report.";

export interface Report {
  token: string;
  intervals: [number, number][];
  position: number;
  speed: number;
  /** Seconds since the token was given, by this device's clock: which of two devices spoke last. */
  elapsed: number;
}

export interface Progress {
  covered_s: number;
  length_s: number;
  is_done: boolean;
  is_course_complete: boolean;
}

export interface Told {
  onProgress(progress: Progress): void;
  /** The server no longer takes reports of this session: the token is too old, or the right to watch has ended. */
  onRefused(): void;
}

export class Reporter {
  #timer: ReturnType<typeof setInterval> | undefined;
  #last = "";
  #fastest = 0;
  #givenAt = Date.now();

  constructor(
    private readonly video: HTMLVideoElement,
    private readonly played: Played,
    private readonly url: string,
    private token: string | null,
    private readonly told: Told,
  ) {}

  start(): void {
    void this.#resendOutbox();
    this.video.addEventListener("play", () => this.#beat());
    this.video.addEventListener("ratechange", () => this.#note());
    this.video.addEventListener("pause", () => void this.send());
    this.video.addEventListener("ended", () => void this.send());
    this.video.addEventListener("seeked", () => void (this.video.paused && this.send()));
    window.addEventListener("online", () => void this.send(true));
    window.addEventListener("pagehide", () => this.leave());
    document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && this.leave());
  }

  /** `null`: what is played from now on is nobody's record. */
  renew(token: string | null): void {
    this.token = token;
    this.#givenAt = Date.now();
  }

  /** Tell the server now; without news since the last report nothing is sent, unless `again`. */
  async send(again = false): Promise<void> {
    const report = this.#compose();
    const body = JSON.stringify(report);
    if (!report?.intervals.length || (!again && this.#newsOf(report) === this.#last)) return;
    try {
      const answer = await post(this.url, body);
      memory.forget(OUTBOX + this.#name());
      if (answer.ok) this.#last = this.#newsOf(report);
      if (answer.ok) this.told.onProgress((await answer.json()) as Progress);
      else if (answer.status === 403) this.told.onRefused();
    } catch {
      this.#keep(body);
    }
  }

  /** The page may be gone at the next moment: hand the report to the browser. */
  leave(): void {
    const report = this.#compose();
    if (!report?.intervals.length || this.#newsOf(report) === this.#last) return;
    const body = JSON.stringify(report);
    if (navigator.onLine && navigator.sendBeacon(this.url, body)) this.#last = this.#newsOf(report);
    else this.#keep(body);
  }

  #beat(): void {
    this.#note();
    clearInterval(this.#timer);
    this.#timer = setInterval(() => {
      if (!this.video.paused) void this.send();
    }, EVERY_MS);
  }

  #note(): void {
    this.#fastest = Math.max(this.#fastest, this.video.playbackRate);
  }

  #compose(): Report | null {
    if (this.token === null) return null;
    const position = this.video.ended ? this.video.duration : this.video.currentTime;
    return {
      token: this.token,
      intervals: this.played.forReport(),
      position: Math.round(position * 10) / 10,
      speed: this.#fastest || 1,
      elapsed: Math.round((Date.now() - this.#givenAt) / 100) / 10,
    };
  }

  #newsOf(report: Report): string {
    return JSON.stringify([report.token, report.intervals, report.position]);
  }

  #name(): string {
    return (this.token ?? "").slice(-24);
  }

  #keep(body: string): void {
    memory.keep(OUTBOX + this.#name(), body);
  }

  async #resendOutbox(): Promise<void> {
    for (const name of memory.namesUnder(OUTBOX)) {
      const body = memory.recall(name);
      try {
        if (body) await post(this.url, body);
        memory.forget(name);
      } catch {
        return;
      }
    }
  }
}

function post(url: string, body: string): Promise<Response> {
  // text/plain, as sendBeacon sends it; the token in the body is the whole authority, so no cookie goes along.
  return fetch(url, { method: "POST", body, keepalive: true, credentials: "omit" });
}
