import { beforeEach, expect, test } from "vitest";
import { Captions } from "../../../frontend/player/captions";

type Track = { language: string; kind: string; mode: string };
let tracks: Track[];

function captions(...languages: string[]): Captions {
  const video = document.createElement("video");
  tracks = languages.map((language) => ({ language, kind: "captions", mode: "disabled" }));
  Object.defineProperty(video, "textTracks", { value: tracks });
  const made = new Captions(video, document.createElement("div"));
  made.start();
  return made;
}

const showing = () => tracks.filter((track) => track.mode === "showing").map((track) => track.language);

beforeEach(() => localStorage.clear());

test("off and on again shows the language that was chosen", () => {
  const one = captions("en", "zh-Hans");
  one.choose("zh-Hans");
  one.toggle();
  expect(showing()).toEqual([]);
  one.toggle();
  expect(showing()).toEqual(["zh-Hans"]);
});

test("also on the next page, and where it is not spoken the first there is", () => {
  const before = captions("en", "zh-Hans");
  before.choose("zh-Hans");
  before.toggle();
  const next = captions("en", "zh-Hans");
  expect(showing()).toEqual([]);
  next.toggle();
  expect(showing()).toEqual(["zh-Hans"]);
  captions("en", "fr").toggle();
  expect(showing()).toEqual(["en"]);
});
