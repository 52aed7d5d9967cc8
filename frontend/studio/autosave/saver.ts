// The rules of saving while writing, without a page: when to send, what a refusal means, and that nothing is lost.

export type Values = Record<string, unknown>;
export type SaveState = "idle" | "waiting" | "saving" | "saved" | "offline" | "failed" | "conflict";
export type Answer =
  | { kind: "saved"; revision: number }
  | { kind: "offline" }
  | { kind: "invalid"; detail: string }
  | { kind: "refused"; detail: string }
  | { kind: "conflict"; detail: string };

export interface Keeper {
  write(values: Values, revision: number): void;
  clear(): void;
}

export interface SaverOptions {
  revision: number;
  debounceMs: number;
  send: (values: Values, revision: number) => Promise<Answer>;
  onState: (state: SaveState, detail: string) => void;
  onRevision?: (revision: number) => void;
  backup: Keeper;
}

const FIRST_RETRY_MS = 2_000;
const LONGEST_RETRY_MS = 60_000;

export class Autosaver {
  private state: SaveState = "idle";
  private pending: Values | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private isSending = false;
  private isStopped = false;
  private retryMs = FIRST_RETRY_MS;
  private revision: number;

  constructor(private readonly options: SaverOptions) {
    this.revision = options.revision;
  }

  get hasUnsaved(): boolean {
    return !this.isStopped && (this.pending !== null || this.isSending);
  }

  /** The writer changed something. The text is put aside in the browser at once, and sent when she pauses. */
  changed(values: Values): void {
    this.options.backup.write(values, this.revision);
    this.pending = values;
    if (this.state === "conflict" || this.isStopped) return;
    this.show("waiting");
    this.schedule(this.options.debounceMs);
  }

  /** The page's own form is being sent: what it carries is newer than anything of ours. */
  stop(): void {
    this.isStopped = true;
    clearTimeout(this.timer);
  }

  retryNow(): void {
    if (this.state === "offline" && this.pending) this.schedule(0);
  }

  private schedule(ms: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.flush(), ms);
  }

  /** One request at a time: a second one would race the first for the revision. */
  private async flush(): Promise<void> {
    if (this.isSending || this.isStopped || !this.pending) return;
    const values = this.pending;
    this.pending = null;
    this.isSending = true;
    this.show("saving");
    const answer = await this.options.send(values, this.revision);
    this.isSending = false;
    this.settle(answer, values);
  }

  private settle(answer: Answer, sent: Values): void {
    if (answer.kind === "saved") return this.settleSaved(answer.revision);
    // What was refused is still unsaved, unless newer text has already taken its place.
    this.pending ??= sent;
    if (answer.kind === "conflict") return this.show("conflict", answer.detail);
    if (answer.kind === "offline") {
      this.show("offline");
      this.schedule(this.retryMs);
      this.retryMs = Math.min(this.retryMs * 2, LONGEST_RETRY_MS);
      return;
    }
    this.show("failed", answer.detail);
    if (this.pending !== sent) this.schedule(this.options.debounceMs);
  }

  private settleSaved(revision: number): void {
    this.revision = revision;
    this.retryMs = FIRST_RETRY_MS;
    this.options.onRevision?.(revision);
    if (this.pending) {
      this.options.backup.write(this.pending, revision);
      return this.schedule(this.options.debounceMs);
    }
    this.options.backup.clear();
    this.show("saved");
  }

  private show(state: SaveState, detail = ""): void {
    this.state = state;
    this.options.onState(state, detail);
  }
}
