// Answers for the evidence of watching: what was played goes to the server every few seconds, and when the page is left.
// Each report carries everything of this session, so a lost one is healed by the next, and none counts twice.
import { forReport, type Played } from "./intervals";
import * as memory from "./memory";
import { Replays } from "./replays";

const EVERY_MS = 15_000;
/** As many stretches as the server takes. */
const MOST_AGAIN = 100;
const OUTBOX = "kezhan.report.";
/** What stands still for longer is told with its age: a tab that was left alone must not move where another one is. */
const OLD_MS = 2_000;
/** When to ask what came of a report: it is settled within a second, as a rule, and later on a busy day. */
const ASK_AFTER_MS = [600, 1_000, 2_500, 5_000, 10_000];

export interface Report {
  token: string;
  intervals: [number, number][];
  /** What of it was played more than once: for figures alone. */
  again?: [number, number][];
  position: number;
  speed: number;
  /** Only of a report that waited, or says nothing new: seconds from the token to when it was so, by this device's clock. */
  elapsed?: number;
}

export interface Progress {
  /** The last report that is settled. */
  received: string;
  covered_s: number;
  length_s: number;
  is_done: boolean;
  is_course_complete: boolean;
}

interface Receipt {
  received: string;
  standing: Progress | null;
}

export interface Told {
  onProgress(progress: Progress): void;
  /** The server no longer takes reports of this session: the token is too old, or the right to watch has ended. */
  onRefused(): void;
}

export class Reporter {
  #timer: ReturnType<typeof setInterval> | undefined;
  #question: ReturnType<typeof setTimeout> | undefined;
  #last = "";
  #state = "";
  #stateSince = Date.now();
  #fastest = 0;
  #changes = 0;
  #givenAt = Date.now();
  readonly #replays: Replays;

  constructor(
    private readonly video: HTMLVideoElement,
    private readonly played: Played,
    private readonly url: string,
    private token: string | null,
    private readonly told: Told,
  ) {
    this.#replays = new Replays(video, played);
  }

  start(): void {
    void this.#resendOutbox();
    this.#replays.start();
    this.video.addEventListener("play", () => this.#beat());
    this.video.addEventListener("ratechange", () => this.#note());
    this.video.addEventListener("pause", () => void this.send());
    this.video.addEventListener("ended", () => void this.send());
    this.video.addEventListener("seeked", () => void (this.video.paused && this.send()));
    window.addEventListener("online", () => void this.#resendOutbox().then(() => this.send(true)));
    window.addEventListener("pagehide", () => this.leave());
    document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && this.leave());
  }

  /**
   * Another session: what was played so far is told in the one before, so that the little time that the new one has had
   * is not asked for it. `null`: what is played from now on is nobody's record.
   */
  renew(token: string | null): void {
    const last = this.#compose();
    // The old token may be refused by now. Nobody is told: there is a new one.
    if (last?.intervals.length && newsOf(last) !== this.#last) void this.#deliver(last, this.#givenAt);
    this.played.begin();
    this.#replays.begin();
    this.token = token;
    this.#givenAt = Date.now();
  }

  /** Tell the server now; without news since the last report nothing is sent, unless `again`. */
  async send(again = false): Promise<void> {
    const report = this.#compose();
    if (!report?.intervals.length || (!again && newsOf(report) === this.#last)) return;
    // What waits goes first: time that a later session has spent is gone for an earlier one.
    await this.#resendOutbox(report);
    const changes = this.#changes;
    const answer = await this.#deliver(report, this.#givenAt);
    if (answer?.ok) {
      this.#last = newsOf(report);
      // The next report asks for what is played from here on, at the speed of then.
      if (changes === this.#changes) this.#fastest = this.video.playbackRate;
      const { received, standing } = (await answer.json()) as Receipt;
      this.#askFor(received, report.token);
      if (standing) this.told.onProgress(standing);
    } else if (answer?.status === 403 && report.token === this.token) this.told.onRefused();
  }

  /** What the server says to it; nothing while it cannot take reports, or the line is cut: then it waits here. */
  async #deliver(report: Report, givenAt: number): Promise<Response | null> {
    const answer = await post(this.url, JSON.stringify(report)).catch(() => null);
    if (answer && isHeard(answer)) {
      memory.forget(OUTBOX + name(report));
      return answer;
    }
    this.#keep(report, givenAt);
    return null;
  }

  /** The page may be gone at the next moment: hand the report to the browser. Nobody hears whether it arrived. */
  leave(): void {
    const report = this.#compose();
    if (!report?.intervals.length || newsOf(report) === this.#last) return;
    const wasHeard = memory.recall(OUTBOX + name(report)) === null;
    const isSent = navigator.onLine && navigator.sendBeacon(this.url, JSON.stringify(report));
    if (isSent && wasHeard) this.#last = newsOf(report);
    else this.#keep(report, this.#givenAt);
  }

  /** The answer to a report says what was known before it; what came of itself is asked for a moment later. */
  #askFor(received: string, token: string, times = 0): void {
    clearTimeout(this.#question);
    this.#question = setTimeout(async () => {
      const answer = await post(this.url.replace(/reports\/$/, "standing/"), JSON.stringify({ token })).catch(() => null);
      if (answer?.status === 403) return token === this.token ? this.told.onRefused() : undefined;
      const { standing } = answer?.ok ? ((await answer.json()) as Receipt) : { standing: null };
      // Of two reports that were on their way at once, the later one tells of both.
      if (standing && !isBefore(standing.received, received)) this.told.onProgress(standing);
      else if (times + 1 < ASK_AFTER_MS.length) this.#askFor(received, token, times + 1);
    }, ASK_AFTER_MS[times]);
  }

  #beat(): void {
    this.#note();
    clearInterval(this.#timer);
    this.#timer = setInterval(() => {
      if (!this.video.paused) void this.send();
    }, EVERY_MS);
  }

  #note(): void {
    this.#changes += 1;
    this.#fastest = Math.max(this.#fastest, this.video.playbackRate);
  }

  #compose(): Report | null {
    if (this.token === null) return null;
    const position = this.video.ended ? this.video.duration : this.video.currentTime;
    const again = forReport(this.#replays.all(), MOST_AGAIN);
    const report: Report = {
      token: this.token,
      intervals: this.played.forReport(),
      ...(again.length ? { again } : {}),
      position: Math.round(position * 10) / 10,
      speed: this.#fastest || 1,
    };
    return { ...report, ...this.#ageOf(report) };
  }

  #ageOf(report: Report): { elapsed?: number } {
    const now = Date.now();
    if (newsOf(report) !== this.#state) {
      this.#state = newsOf(report);
      this.#stateSince = now;
    }
    return now - this.#stateSince < OLD_MS ? {} : { elapsed: elapsed(this.#givenAt, this.#stateSince) };
  }

  #keep(report: Report, givenAt: number): void {
    memory.keep(OUTBOX + name(report), JSON.stringify({ elapsed: elapsed(givenAt, Date.now()), ...report }));
  }

  async #resendOutbox(but?: Report): Promise<void> {
    const own = but && OUTBOX + name(but);
    for (const kept of memory.namesUnder(OUTBOX).filter((each) => each !== own)) {
      const body = memory.recall(kept);
      try {
        if (body && !isHeard(await post(this.url, body))) return;
        // The tab whose report this is may have kept a later one meanwhile.
        if (memory.recall(kept) === body) memory.forget(kept);
      } catch {
        return;
      }
    }
  }
}

/** An answer that coming again would not change; while the server cannot take reports, they wait here. */
function isHeard(answer: Response): boolean {
  return answer.status < 500 && answer.status !== 429;
}

/** Numbers of reports are "milliseconds-count", as the server received them. */
function isBefore(one: string, other: string): boolean {
  const [ms = 0, count = 0] = one.split("-").map(Number);
  const [otherMs = 0, otherCount = 0] = other.split("-").map(Number);
  return ms < otherMs || (ms === otherMs && count < otherCount);
}

/** Seconds, in tenths. */
function elapsed(sinceMs: number, untilMs: number): number {
  return Math.round((untilMs - sinceMs) / 100) / 10;
}

function newsOf(report: Report): string {
  return JSON.stringify([report.token, report.intervals, report.position]);
}

function name(report: Report): string {
  return report.token.slice(-24);
}

function post(url: string, body: string): Promise<Response> {
  // text/plain, as sendBeacon sends it; the token in the body is the whole authority, so no cookie goes along.
  return fetch(url, { method: "POST", body, keepalive: true, credentials: "omit" });
}
