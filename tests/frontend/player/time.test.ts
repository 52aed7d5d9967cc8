import { expect, test } from "vitest";
import { clock, filled, spoken } from "../../../frontend/player/time";

test("a moment is written as people write it", () => {
  expect([0, 9.9, 760, 3723, Number.NaN].map(clock)).toEqual(["0:00", "0:09", "12:40", "1:02:03", "0:00"]);
});

test("a moment is spoken in the page's language", () => {
  expect(spoken(760, "en")).toBe("12 minutes 40 seconds");
  expect(spoken(0, "en")).toBe("0 seconds");
  expect(spoken(61, "zh-Hans")).toContain("1");
});

test("a sentence keeps the places it has no value for", () => {
  expect(filled("{position} of {length}", { position: "1" })).toBe("1 of {length}");
});
