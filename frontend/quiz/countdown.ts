// The time left of an attempt, by the server's clock: what a device believes the hour to be does not matter.

/** Seconds left; `skewMs`: how far the device's clock is ahead of the server's. */
export function secondsLeft(dueMs: number, nowMs: number, skewMs: number): number {
  return Math.max(0, Math.ceil((dueMs - (nowMs - skewMs)) / 1000));
}

export function clock(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  return `${minutes}:${String(seconds % 60).padStart(2, "0")}`;
}

/** Said aloud at few moments only: a clock that speaks each second is none. */
export function isSaid(seconds: number): boolean {
  return [600, 300, 60, 10].includes(seconds);
}
