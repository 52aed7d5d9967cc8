// Answers for an address or token that has grown too old: fresh ones are asked for, again where nobody answered, and
// given up where somebody said no.
import { waitMs } from "./patience";

export interface Fresh {
  master_url: string;
  report_token: string | null;
}

export interface RenewalEvents {
  onFresh(fresh: Fresh): Promise<void>;
  /** `connection`: nobody could answer, and it is asked again by itself. */
  onTrouble(trouble: "connection" | "broken" | "devices" | "refused"): void;
}

const AGAIN_MS = 20_000;

export class Renewal {
  #isAsking = false;
  // A place among the devices may be free at the next try; a right that has ended does not come back.
  #isCrowded = false;
  #answeredAt = -Infinity;
  #misses = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly address: () => string,
    private readonly events: RenewalEvents,
  ) {
    window.addEventListener("online", () => this.isWaiting && this.again());
  }

  /** Whether nobody could answer, and it will be asked again. */
  get isWaiting(): boolean {
    return this.#timer !== undefined;
  }

  /** The film was refused at its address. */
  async ask(): Promise<void> {
    if (this.#isAsking || this.isWaiting) return;
    if (!this.#isCrowded && Date.now() - this.#answeredAt < AGAIN_MS) return this.events.onTrouble("broken");
    this.#isAsking = true;
    try {
      await this.#ask();
    } finally {
      this.#isAsking = false;
    }
  }

  /** Without waiting any longer. */
  again(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    void this.ask();
  }

  async #ask(): Promise<void> {
    const answer = await fetch(this.address(), { headers: { Accept: "application/json" } }).catch(() => null);
    // A server that is being restarted has not said that she may no longer watch.
    if (!answer || answer.status >= 500 || answer.status === 429) return this.#later();
    this.#misses = 0;
    try {
      await (answer.ok ? this.#renewed(answer) : this.#refused(answer));
    } finally {
      this.#answeredAt = Date.now();
    }
  }

  async #renewed(answer: Response): Promise<void> {
    this.#isCrowded = false;
    await this.events.onFresh((await answer.json()) as Fresh);
  }

  async #refused(answer: Response): Promise<void> {
    const { code } = (await answer.json().catch(() => ({}))) as { code?: string };
    this.#isCrowded = code === "too_many_devices";
    this.events.onTrouble(this.#isCrowded ? "devices" : "refused");
  }

  #later(): void {
    this.events.onTrouble("connection");
    this.#timer = setTimeout(() => this.again(), waitMs(this.#misses));
    this.#misses += 1;
  }
}
