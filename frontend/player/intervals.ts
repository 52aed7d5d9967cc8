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

export function fromRanges(ranges: TimeRanges): Interval[] {
  return Array.from({ length: ranges.length }, (_, index): Interval => [ranges.start(index), ranges.end(index)]);
}

/** Gathers what one media element played; `keep` before its source changes, since that empties `video.played`. */
export class Played {
  #kept: Interval[] = [];

  constructor(private readonly video: Pick<HTMLVideoElement, "played">) {}

  keep(): void {
    this.#kept = this.all();
  }

  all(): Interval[] {
    return merged([...this.#kept, ...fromRanges(this.video.played)]);
  }

  /** As a report carries them: tenths of a second, and at most `most` of them, the longest. */
  forReport(most = 200): Interval[] {
    const tenths = (value: number) => Math.round(value * 10) / 10;
    const all = this.all();
    const told =
      all.length <= most
        ? all
        : [...all].sort((one, other) => other[1] - other[0] - (one[1] - one[0])).slice(0, most);
    return merged(told.map(([start, end]): Interval => [tenths(start), tenths(end)]));
  }
}
