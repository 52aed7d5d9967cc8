// Answers for how long to wait before something that failed is tried again: longer each time, never more than 15 s.

const WAITS_MS = [1_000, 2_000, 4_000, 8_000, 15_000];

/** `failed`: how often it was tried again without success. */
export function waitMs(failed: number): number {
  return WAITS_MS[Math.min(failed, WAITS_MS.length - 1)] as number;
}
