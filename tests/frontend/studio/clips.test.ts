import { expect, test } from "vitest";
import { centerFor, fitted, moment, secondsOf, windowOf } from "../../../frontend/studio/clips/framing";

test("a crop follows its middle and stays in the picture", () => {
  expect(windowOf(1920, 1080, "vertical", 500)).toEqual({ x: 656.25, y: 0, width: 607.5, height: 1080 });
  expect(windowOf(1920, 1080, "vertical", 0).x).toBe(0);
  expect(windowOf(1920, 1080, "vertical", 1000).x).toBe(1920 - 607.5);
  expect(windowOf(720, 1280, "horizontal", 1000)).toEqual({ x: 0, y: 875, width: 720, height: 405 });
});

test("where a frame was dragged to gives the middle back", () => {
  for (const center of [200, 500, 800]) {
    const kept = windowOf(1920, 1080, "vertical", center);
    expect(centerFor(kept.x, kept.width, 1920)).toBe(center);
  }
  expect(centerFor(-500, 607.5, 1920)).toBe(158);
});

test("a picture lies whole in the middle of its room", () => {
  expect(fitted(640, 360, { width: 400, height: 400 })).toEqual({ x: 0, y: 87.5, width: 400, height: 225 });
});

test.each([
  ["0:15", 15],
  ["1:02:03.5", 3723.5],
  ["83.25", 83.25],
  ["1：05", 65],
  ["soon", null],
  ["", null],
  ["1:2:3:4", null],
])("a moment is read from %s", (text, seconds) => {
  expect(secondsOf(text)).toBe(seconds);
});

test("a moment is written to the tenth", () => {
  expect(moment(83.26)).toBe("1:23.3");
  expect(moment(59.99)).toBe("1:00.0");
});
