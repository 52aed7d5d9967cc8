// Answers for the speeds on offer and the one remembered.
import * as memory from "./memory";

export const SPEEDS = [0.5, 0.75, 1, 1.25, 1.5, 1.75, 2, 2.5, 3] as const;
const NAME = "kezhan.speed";

export function neighbor(speed: number, direction: -1 | 1): number {
  const nearest = SPEEDS.reduce((best, one) => (Math.abs(one - speed) < Math.abs(best - speed) ? one : best));
  return SPEEDS[SPEEDS.indexOf(nearest) + direction] ?? nearest;
}

export function remembered(): number {
  const speed = Number(memory.recall(NAME));
  return SPEEDS.includes(speed as (typeof SPEEDS)[number]) ? speed : 1;
}

export function remember(speed: number): void {
  memory.keep(NAME, String(speed));
}
