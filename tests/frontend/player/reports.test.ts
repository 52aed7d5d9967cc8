import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Played } from "../../../frontend/player/intervals";
import { Reporter } from "../../../frontend/player/reports";

const told = { onProgress: vi.fn(), onRefused: vi.fn() };
let sent: string[];
let isOnline: boolean;

function film(...pairs: [number, number][]): HTMLVideoElement {
  const video = document.createElement("video");
  const played = { length: pairs.length, start: (i: number) => pairs[i]![0], end: (i: number) => pairs[i]![1] };
  Object.defineProperty(video, "played", { value: played, configurable: true });
  Object.defineProperty(video, "currentTime", { value: pairs.at(-1)?.[1] ?? 0, configurable: true });
  return video;
}

beforeEach(() => {
  sent = [];
  isOnline = true;
  localStorage.clear();
  vi.stubGlobal("fetch", async (_url: string, options: RequestInit) => {
    if (!isOnline) throw new TypeError("offline");
    sent.push(String(options.body));
    return new Response(JSON.stringify({ covered_s: 4, length_s: 30, is_done: false, is_course_complete: false }));
  });
});
afterEach(() => void vi.unstubAllGlobals());

test("a report without news is not sent twice", async () => {
  const video = film([0, 4]);
  const reporter = new Reporter(video, new Played(video), "/r/", "t1", told);
  await reporter.send();
  await reporter.send();
  expect(sent).toHaveLength(1);
  expect(JSON.parse(sent[0]!)).toMatchObject({ token: "t1", intervals: [[0, 4]], position: 4, speed: 1 });
});

test("nothing played is nothing to report", async () => {
  const video = film();
  await new Reporter(video, new Played(video), "/r/", "t1", told).send();
  expect(sent).toHaveLength(0);
});

test("a report that could not be sent goes out with the next page", async () => {
  isOnline = false;
  const video = film([0, 9]);
  await new Reporter(video, new Played(video), "/r/", "t2", told).send();
  expect(localStorage).toHaveLength(1);
  isOnline = true;
  const empty = film();
  new Reporter(empty, new Played(empty), "/r/", "t3", told).start();
  await vi.waitFor(() => expect(localStorage).toHaveLength(0));
  expect(JSON.parse(sent[0]!)).toMatchObject({ token: "t2", intervals: [[0, 9]] });
});
