import { expect, test } from "vitest";
import { merged, Played, without } from "../../../frontend/player/intervals";

const ranges = (...pairs: [number, number][]): TimeRanges => ({
  length: pairs.length,
  start: (index) => pairs[index]![0],
  end: (index) => pairs[index]![1],
});

test("overlapping and touching stretches become one", () => {
  expect(merged([[5, 9], [0, 3], [2, 5.1], [20, 20]])).toEqual([[0, 9]]);
});

test("a skipped stretch stays a gap", () => {
  expect(merged([[0, 3], [10, 12]])).toEqual([[0, 3], [10, 12]]);
});

test("what was played before the source changed is kept", () => {
  const video = { played: ranges([0, 4]) };
  const played = new Played(video);
  played.keep();
  video.played = ranges([4.1, 8.04]);
  expect(played.forReport()).toEqual([[0, 8]]);
});

test("a report holds no more stretches than it may, and the longest of them", () => {
  const played = new Played({ played: ranges([0, 1], [10, 19], [30, 32]) });
  expect(played.forReport(2)).toEqual([[10, 19], [30, 32]]);
});

test("what was told in an earlier session is left out until it is played again", () => {
  const video = { played: ranges([0, 10]) };
  const played = new Played(video);
  played.begin();
  video.played = ranges([0, 12]);
  expect(played.forReport()).toEqual([[10, 12]]);
  played.keep();
  video.played = ranges([5, 6]);
  expect(played.forReport()).toEqual([[5, 6], [10, 12]]);
});

test("a stretch is cut by those that lie in it", () => {
  expect(without([[0, 10], [20, 30]], [[2, 3], [5, 6], [9, 25]])).toEqual([[0, 2], [3, 5], [6, 9], [25, 30]]);
});
