// Answers for which parts of a film were really played, as the browser measured them, over one playback session.

export type Interval = [start: number, end: number];

// Two stretches closer than this are one: the browser leaves hairline gaps when it changes quality.
const SEAM_S = 0.25;

/** The same seconds, each once, in order. */
export function merged(intervals: readonly Interval[]): Interval[] {
  const result: Interval[] = [];
  const sorted = intervals.filter(([start, end]) => end > start).sort((one, other) => one[0] - other[0]);
  for (const [start, end] of sorted) {
    const last = result.at(-1);
    if (last && start - last[1] <= SEAM_S) last[1] = Math.max(last[1], end);
    else result.push([start, end]);
  }
  return result;
}

/** What of `all` is not in `others`; both are merged. */
export function without(all: readonly Interval[], others: readonly Interval[]): Interval[] {
  const result: Interval[] = [];
  for (const [start, end] of all) {
    let from = start;
    for (const [otherStart, otherEnd] of others) {
      if (otherEnd <= from || otherStart >= end) continue;
      if (otherStart > from) result.push([from, otherStart]);
      from = otherEnd;
    }
    if (from < end) result.push([from, end]);
  }
  return result;
}

/** As a report carries them: tenths of a second, and at most `most` of them, as many as the server takes, the longest. */
export function forReport(all: readonly Interval[], most = 400): Interval[] {
  const tenths = (value: number) => Math.round(value * 10) / 10;
  const told =
    all.length <= most ? all : [...all].sort((one, other) => other[1] - other[0] - (one[1] - one[0])).slice(0, most);
  return merged(told.map(([start, end]): Interval => [tenths(start), tenths(end)]));
}

export function fromRanges(ranges: TimeRanges): Interval[] {
  return Array.from({ length: ranges.length }, (_, index): Interval => [ranges.start(index), ranges.end(index)]);
}

/** Gathers what one media element played; `keep` before its source changes, since that empties `video.played`. */
export class Played {
  #kept: Interval[] = [];
  #told: Interval[] = [];

  constructor(private readonly video: Pick<HTMLVideoElement, "played">) {}

  keep(): void {
    this.#kept = this.all();
    this.#told = [];
  }

  /** Another session begins: what was played up to here has been told in the one before. */
  begin(): void {
    this.#told = this.#everything();
  }

  all(): Interval[] {
    return without(this.#everything(), this.#told);
  }

  #everything(): Interval[] {
    return merged([...this.#kept, ...fromRanges(this.video.played)]);
  }

  forReport(most?: number): Interval[] {
    return forReport(this.all(), most);
  }
}
