import { expect, test } from "vitest";
import { nextBelow } from "../../../frontend/player/menus";

test("a film without the quality that was chosen gets the next below, else the fewest lines", () => {
  expect(nextBelow(720, ["auto", "360", "480", "1080", "sound"])).toBe("480");
  expect(nextBelow(240, ["auto", "360", "480", "sound"])).toBe("360");
  expect(nextBelow(NaN, ["auto", "360"])).toBe("auto");
});
