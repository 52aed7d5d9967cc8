import { describe, expect, it } from "vitest";

import { read } from "../../../frontend/player/storyboard";

describe("a storyboard's index", () => {
  it("says which part of which sheet shows a moment", () => {
    const text = "WEBVTT\n\n00:00:00.000 --> 00:00:02.000\n001.jpg#xywh=0,0,160,90\n\n01:00:02.500 --> 01:00:04.000\n002.jpg#xywh=160,90,160,90\n";
    expect(read(text)).toEqual([
      { start: 0, end: 2, sheet: "001.jpg", x: 0, y: 0, width: 160, height: 90 },
      { start: 3602.5, end: 3604, sheet: "002.jpg", x: 160, y: 90, width: 160, height: 90 },
    ]);
  });
});
