// The text that the server has not confirmed, kept in this browser by the form's address.
import type { Keeper, Values } from "./saver";

export interface Kept {
  values: Values;
  revision: number;
  at: number;
}

export class Backup implements Keeper {
  constructor(
    private readonly storage: Storage,
    private readonly key: string,
    private readonly now: () => number = Date.now,
  ) {}

  write(values: Values, revision: number): void {
    try {
      this.storage.setItem(this.key, JSON.stringify({ values, revision, at: this.now() } satisfies Kept));
    } catch {
      // A full or forbidden storage costs the backup, never the writing.
    }
  }

  read(): Kept | null {
    try {
      const kept: unknown = JSON.parse(this.storage.getItem(this.key) ?? "null");
      return kept && typeof kept === "object" && "values" in kept ? (kept as Kept) : null;
    } catch {
      return null;
    }
  }

  clear(): void {
    this.storage.removeItem(this.key);
  }
}
