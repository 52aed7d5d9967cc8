import { describe, expect, it } from "vitest";
import { clockText } from "../../../frontend/studio/review/clock";
import { stepped } from "../../../frontend/studio/review/step";

describe("a place in a film", () => {
  it("is written as people read it", () => {
    expect([0, 7.9, 75, 3675, Number.NaN].map(clockText)).toEqual(["0:00", "0:07", "1:15", "1:01:15", "0:00"]);
  });
});

describe("a step in the queue", () => {
  it("starts at an end and stays inside", () => {
    expect([stepped(-1, 3, 1), stepped(-1, 3, -1), stepped(2, 3, 1), stepped(0, 3, -1), stepped(-1, 0, 1)]).toEqual([0, 2, 2, 0, -1]);
  });
});
