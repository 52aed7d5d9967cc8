import { describe, expect, it } from "vitest";

import { hints, lostBy, merge, msOf, read, shift, shown, split } from "../../../frontend/studio/captions/cues";

const limits = { fast: 20, long: 42 };

describe("cues", () => {
  it("read times as people write them, and nothing else", () => {
    expect([msOf("1:02:03.5"), msOf("2:03,25"), msOf("0:01")]).toEqual([3_723_500, 123_250, 1000]);
    expect([msOf("soon"), msOf("1:75"), msOf("")]).toEqual([null, null, null]);
    expect(shown(3_723_500)).toBe("1:02:03.500");
    expect(msOf(shown(61_007))).toBe(61_007);
  });

  it("are read from blocks; a block without times leaves the text to its writer", () => {
    expect(read("0:01 --> 0:02\nOne\nline\r\n\r\n0:03 --> 0:04\nTwo")).toEqual([
      { start: 1000, end: 2000, text: "One\nline" }, { start: 3000, end: 4000, text: "Two" },
    ]);
    expect(read("no times")).toBeNull();
  });

  it("are shifted, and cut where the film begins", () => {
    expect(shift([{ start: 1000, end: 3000, text: "cut" }], -1500)).toEqual([{ start: 0, end: 1500, text: "cut" }]);
  });

  it("that a shift would move before the film are counted before anything is lost", () => {
    const cues = [{ start: 500, end: 900, text: "gone" }, { start: 1000, end: 3000, text: "cut" }];
    expect([lostBy(cues, -1500), lostBy(cues, -899), lostBy(cues, 0)]).toEqual([1, 0, 0]);
  });

  it("are split where the cursor stands and merged again", () => {
    const [first, second] = split({ start: 0, end: 1000, text: "Hello world" }, 6);
    expect([first.text, second.text, first.end]).toEqual(["Hello", "world", second.start]);
    expect(merge(first, second)).toEqual({ start: 0, end: 1000, text: "Hello\nworld" });
  });

  it("say what is hard to read", () => {
    expect(hints({ start: 0, end: 500, text: "far too much for this" }, undefined, limits)[0]?.kind).toBe("fast");
    expect(hints({ start: 0, end: 9000, text: "x".repeat(43) }, undefined, limits).map((hint) => hint.kind)).toEqual(["long"]);
    expect(hints({ start: 0, end: 2000, text: "a" }, { start: 1000, end: 3000, text: "b" }, limits)[0]?.kind).toBe("overlap");
  });
});
