import { describe, expect, it } from "vitest";

import { Turns } from "../../../frontend/studio/upload/turns";

const after = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe("turns", () => {
  it("keep the order in which they were asked for, however long each act takes", async () => {
    const turns = new Turns();
    const done: string[] = [];
    const act = (name: string, ms: number) => turns.take(() => after(ms).then(() => done.push(name)));
    await Promise.all([act("long", 20), act("short", 0), act("shorter", 0)]);
    expect(done).toEqual(["long", "short", "shorter"]);
  });

  it("go on when an act fails, and its own asker hears of it", async () => {
    const turns = new Turns();
    const failed = turns.take(() => Promise.reject(new Error("no line")));
    const next = turns.take(() => Promise.resolve("sent"));
    await expect(failed).rejects.toThrow("no line");
    expect(await next).toBe("sent");
  });
});
