/** The next place in a list of `count`, one step on or back; from nowhere (-1) to the first or the last. */
export function stepped(now: number, count: number, step: 1 | -1): number {
  if (count === 0) return -1;
  if (now < 0) return step > 0 ? 0 : count - 1;
  return Math.min(count - 1, Math.max(0, now + step));
}
