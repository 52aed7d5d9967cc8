// Which bytes are still to be sent, and how long that will take. Pure: no network, no page.

export interface Part {
  number: number;
  start: number;
  end: number;
}

export interface ListedPart {
  number: number;
  size: number;
  etag: string;
}

/** All parts of a file of `size` bytes, numbered from 1. */
export function partsOf(size: number, partSize: number): Part[] {
  const count = Math.ceil(size / partSize);
  return Array.from({ length: count }, (_none, at) => ({
    number: at + 1,
    start: at * partSize,
    end: Math.min((at + 1) * partSize, size),
  }));
}

/** The parts that the server does not have whole. */
export function missingParts(parts: Part[], listed: ListedPart[]): Part[] {
  const sizes = new Map(listed.map((part) => [part.number, part.size]));
  return parts.filter((part) => sizes.get(part.number) !== part.end - part.start);
}

/** What tells that a file chosen again is the file that was begun: name, size and time of its last change. */
export function fingerprint(file: Pick<File, "name" | "size" | "lastModified">): string {
  return `${file.name}|${file.size}|${file.lastModified}`;
}

/** Milliseconds before try `attempt` (from 1) of a request that failed for a reason that may pass. */
export function backoff(attempt: number, random: number = Math.random()): number {
  return Math.min(30_000, 1000 * 2 ** (attempt - 1)) * (0.5 + random / 2);
}

/** Bytes a second over the last seconds, so that a pause or a burst does not rule the estimate for long. */
export class Speed {
  private readonly points: { at: number; bytes: number }[] = [];

  constructor(private readonly windowMs = 8000) {}

  /** `bytes` sent altogether at the time `at` (ms). */
  add(bytes: number, at: number): void {
    const last = this.points.at(-1);
    if (last && bytes < last.bytes) this.points.length = 0; // a part was sent anew
    this.points.push({ at, bytes });
    while (this.points.length > 2 && (this.points[0]?.at ?? 0) < at - this.windowMs) this.points.shift();
  }

  clear(): void {
    this.points.length = 0;
  }

  get bytesPerSecond(): number {
    const first = this.points[0];
    const last = this.points.at(-1);
    if (!first || !last || last.at - first.at < 500) return 0;
    return ((last.bytes - first.bytes) * 1000) / (last.at - first.at);
  }

  /** Seconds until `left` bytes are sent; null while nobody can say. */
  secondsFor(left: number): number | null {
    const speed = this.bytesPerSecond;
    return speed > 0 ? left / speed : null;
  }
}
