// One act at a time, in the order in which they were asked for: lessons stand in the order of the files dropped.

export class Turns {
  private last: Promise<unknown> = Promise.resolve();

  /** Runs the act when those asked for before have ended, well or not. */
  take<Result>(act: () => Promise<Result>): Promise<Result> {
    const mine = this.last.then(act);
    this.last = mine.catch(() => undefined);
    return mine;
  }
}
