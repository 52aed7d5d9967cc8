// One file on its way: begun or found again, sent in parts, paused, gone on with, completed or taken back.
import { likeFilms, sameFilm, type KnownFilm } from "./known";
import type { UploadMemory } from "./memory";
import { backoff, fingerprint, missingParts, partsOf, Speed, type Part } from "./plan";
import { Failure, type Transport, type Upload, type Video } from "./transport";
import type { Turns } from "./turns";

export type SenderState =
  | "waiting" | "sending" | "paused" | "stalled" | "offline" | "finishing" | "done" | "failed" | "cancelled"
  | "known" | "used";

export interface Shown {
  state: SenderState;
  sent: number;
  size: number;
  speed: number;
  secondsLeft: number | null;
  isResumed: boolean;
  detail: string;
  video: Video | null;
}

export interface Options {
  file: File;
  target: string;
  transport: Transport;
  memory: UploadMemory;
  turns: Turns;
  onChange: (shown: Shown) => void;
  sleep?: (ms: number, signal: AbortSignal) => Promise<void>;
  now?: () => number;
}

const AT_ONCE = 3;
const MOST_TRIES = 12;

export class Sender {
  state: SenderState = "waiting";
  private upload: Upload | null = null;
  private readonly etags = new Map<number, string>();
  private readonly inFlight = new Map<number, number>();
  private readonly speed = new Speed();
  private stop = new AbortController();
  private isResumed = false;
  private detail = "";
  // The same file, sent before; and whether she wants it sent again all the same.
  private same: Video | null = null;
  private isNew = false;

  constructor(private readonly options: Options) {}

  get isActive(): boolean {
    return ["waiting", "sending", "offline", "finishing"].includes(this.state);
  }

  get uploadId(): string | undefined {
    return this.upload?.id;
  }

  /** Sends until the end, a pause, or a failure that will not pass. Never throws. */
  async run(): Promise<void> {
    this.stop = new AbortController();
    const { signal } = this.stop;
    try {
      this.show("sending");
      const upload = (this.upload ??= await this.again(() => this.place(signal), signal));
      if (!upload) return this.show("known");
      await this.sendParts(upload, signal);
      this.show("finishing");
      const parts = [...this.etags].map(([number, etag]) => ({ number, etag })).sort((a, b) => a.number - b.number);
      upload.video = await this.again(() => this.options.transport.complete(upload.id, parts), signal);
      this.options.memory.forget(upload.id);
      this.show("done");
    } catch (error) {
      // Paused or taken back: that state is shown already. What was begun this moment goes as well.
      if (signal.aborted) return void (this.state === "cancelled" && (await this.takeBack()));
      this.halt(); // the other parts on their way end too
      this.detail = error instanceof Failure ? error.detail : "";
      if (!(error instanceof Failure)) console.error(error);
      // It was ended elsewhere, or nobody went on with it in time: the next try begins anew.
      if (error instanceof Failure && error.code === "upload_closed") this.forget();
      // What may pass has not passed for minutes: what was sent stays there, and she goes on when she wants.
      this.show(error instanceof Failure && error.passing ? "stalled" : "failed");
    }
  }

  /** Others are sent first. */
  wait(): void {
    this.show("waiting");
  }

  /** The film that is here already, instead of the same file again. */
  async useKnown(): Promise<void> {
    const { same, options } = this;
    if (this.state !== "known" || !same) return;
    this.show("used");
    try {
      if (options.target) await options.turns.take(() => options.transport.attach(options.target, same));
    } catch (error) {
      this.detail = error instanceof Failure ? error.detail : "";
      this.show("failed");
    }
  }

  /** Though the same film is here. */
  sendAnyway(): void {
    this.isNew = true;
  }

  pause(): void {
    if (!this.isActive || this.state === "finishing") return;
    this.halt();
    this.show("paused");
  }

  async cancel(): Promise<void> {
    this.halt();
    this.show("cancelled");
    await this.takeBack();
  }

  private async takeBack(): Promise<void> {
    const { upload } = this;
    this.forget();
    if (upload) await this.options.transport.abort(upload.id).catch(() => undefined); // what stays expires by itself
  }

  private forget(): void {
    if (this.upload) this.options.memory.forget(this.upload.id);
    this.upload = null;
    this.isResumed = false;
  }

  private halt(): void {
    this.stop.abort();
    this.inFlight.clear();
    this.speed.clear();
  }

  /** Looked for at once, begun in its turn: a file that is looked for longer does not lose its place to the next one.
   * Where a film here begins as this one, hers is all but surely that film, which is not begun: reading it to its end
   * takes minutes, and the next ones do not wait for that. */
  private async place(signal: AbortSignal): Promise<Upload | null> {
    const { file, turns } = this.options;
    const looking = this.like(signal);
    looking.catch(() => undefined); // it is heard of in the turn
    const begin = async (films: KnownFilm[]) => {
      if (signal.aborted) throw new Failure(false, 0);
      return films.length ? null : this.beginOrFind();
    };
    const begun = await turns.take(async () => begin(await looking));
    if (begun) return begun;
    this.same = await sameFilm(file, await looking, signal);
    return this.same && !signal.aborted ? null : turns.take(() => begin([]));
  }

  /** The films here that begin as this file. */
  private async like(signal: AbortSignal): Promise<KnownFilm[]> {
    const { file, memory, transport } = this.options;
    if (this.upload || this.isNew || memory.find(fingerprint(file))) return [];
    return likeFilms(file, await transport.known(file.size), signal);
  }

  private async beginOrFind(): Promise<Upload> {
    const { file, memory, transport, target } = this.options;
    const known = memory.find(fingerprint(file));
    const found = known ? await transport.find(known) : null;
    if (found?.is_open && found.size === file.size) {
      this.isResumed = true;
      return found;
    }
    const begun = await transport.create(file);
    memory.keep(fingerprint(file), begun.id);
    try {
      if (target) await this.again(() => transport.attach(target, begun.video), this.stop.signal);
    } catch (error) {
      // The lesson does not take it: the next try shall begin, and attach, anew.
      memory.forget(begun.id);
      await transport.abort(begun.id).catch(() => undefined);
      throw error;
    }
    return begun;
  }

  private async sendParts(upload: Upload, signal: AbortSignal): Promise<void> {
    const parts = partsOf(this.options.file.size, upload.part_size);
    const listed = await this.again(() => this.options.transport.list(upload.id), signal);
    const missing = missingParts(parts, listed);
    const gaps = new Set(missing.map((part) => part.number));
    this.etags.clear();
    for (const part of listed) if (!gaps.has(part.number)) this.etags.set(part.number, part.etag);
    this.show("sending");
    const queue = [...missing];
    const lane = async () => {
      for (let part = queue.shift(); part; part = queue.shift()) await this.sendPart(upload, part, signal);
    };
    // The first part goes alone: if it shows that the file is no film, nothing else was sent for nothing.
    const first = queue[0]?.number === 1 ? queue.shift() : undefined;
    if (first) await this.sendPart(upload, first, signal);
    await Promise.all(Array.from({ length: AT_ONCE }, lane));
  }

  private async sendPart(upload: Upload, part: Part, signal: AbortSignal): Promise<void> {
    const bytes = this.options.file.slice(part.start, part.end);
    const onProgress = (sent: number) => {
      if (signal.aborted) return;
      this.inFlight.set(part.number, sent);
      this.show("sending");
    };
    const put = () => this.options.transport.put(upload.id, part.number, bytes, onProgress, signal);
    const etag = await this.again(put, signal, () => this.inFlight.delete(part.number));
    if (signal.aborted) throw new Failure(false, 0); // it came through all the same; the next run finds it listed
    this.inFlight.delete(part.number);
    this.etags.set(part.number, etag);
    this.show("sending");
  }

  /** Tries again, ever more slowly, what failed for a reason that may pass. */
  private async again<Result>(act: () => Promise<Result>, signal: AbortSignal, onFailure?: () => void): Promise<Result> {
    for (let attempt = 1; ; attempt += 1) {
      if (signal.aborted) throw new Failure(false, 0);
      try {
        return await act();
      } catch (error) {
        onFailure?.();
        if (signal.aborted || !(error instanceof Failure) || !error.passing || attempt >= MOST_TRIES) throw error;
        this.show("offline");
        await (this.options.sleep ?? sleep)(backoff(attempt), signal);
        if (!signal.aborted) this.show("sending");
      }
    }
  }

  private sentBytes(): number {
    const { file } = this.options;
    const parts = this.upload ? partsOf(file.size, this.upload.part_size) : [];
    const whole = parts.filter((part) => this.etags.has(part.number)).reduce((sum, part) => sum + part.end - part.start, 0);
    const flying = [...this.inFlight.values()].reduce((sum, bytes) => sum + bytes, 0);
    return Math.min(file.size, whole + flying);
  }

  private show(state: SenderState): void {
    this.state = state;
    const sent = ["done", "finishing", "used"].includes(state) ? this.options.file.size : this.sentBytes();
    if (state === "sending") this.speed.add(sent, (this.options.now ?? Date.now)());
    this.options.onChange({
      state,
      sent,
      size: this.options.file.size,
      speed: this.speed.bytesPerSecond,
      secondsLeft: this.speed.secondsFor(this.options.file.size - sent),
      isResumed: this.isResumed,
      detail: this.detail,
      video: this.upload?.video ?? this.same,
    });
  }
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      window.clearTimeout(timer);
      window.removeEventListener("online", done);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = window.setTimeout(done, ms);
    window.addEventListener("online", done);
    signal.addEventListener("abort", done);
  });
}
