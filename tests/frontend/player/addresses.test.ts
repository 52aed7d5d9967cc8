import { expect, test } from "vitest";
import { beside, nameBeside } from "../../../frontend/player/addresses";

const OLD = "/hls/old/1/7/film/master.m3u8";
const FRESH = "https://shop.example/hls/fresh/2/7/film/master.m3u8";

test("a file keeps its name under the fresh address", () => {
  expect(nameBeside(OLD, "/hls/old/1/7/film/captions/en.vtt")).toBe("captions/en.vtt");
  expect(beside(FRESH, "captions/en.vtt")).toBe("https://shop.example/hls/fresh/2/7/film/captions/en.vtt");
});

test("a file that lies elsewhere stays there", () => {
  const other = "https://elsewhere.example/poster.jpg";
  expect(beside(FRESH, nameBeside(OLD, other))).toBe(other);
});
