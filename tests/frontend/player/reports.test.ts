import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Played } from "../../../frontend/player/intervals";
import { type Progress, Reporter } from "../../../frontend/player/reports";

const told = { onProgress: vi.fn(), onRefused: vi.fn() };
let sent: string[];
let isOnline: boolean;
let status: number;
let settled: Progress | null;

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
  status = 202;
  settled = null;
  vi.resetAllMocks();
  vi.stubGlobal("fetch", async (url: string, options: RequestInit) => {
    if (!isOnline) throw new TypeError("offline");
    if (url === "/standing/") return new Response(JSON.stringify({ standing: settled }));
    sent.push(String(options.body));
    return new Response(JSON.stringify({ received: `${sent.length}-0`, standing: null }), { status });
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

test("a report without news is not sent twice", async () => {
  const video = film([0, 4]);
  const reporter = new Reporter(video, new Played(video), "/reports/", "t1", told);
  await reporter.send();
  await reporter.send();
  expect(sent).toHaveLength(1);
  expect(JSON.parse(sent[0]!)).toMatchObject({ token: "t1", intervals: [[0, 4]], position: 4, speed: 1 });
});

test("what was played again is told beside", async () => {
  const video = film([0, 20]);
  const reporter = new Reporter(video, new Played(video), "/reports/", "t1", told);
  reporter.start();
  Object.defineProperty(video, "currentTime", { value: 5, configurable: true });
  video.dispatchEvent(new Event("seeked"));
  Object.defineProperty(video, "currentTime", { value: 9, configurable: true });
  video.dispatchEvent(new Event("timeupdate"));
  await reporter.send();
  expect(JSON.parse(sent.at(-1)!)).toMatchObject({ intervals: [[0, 20]], again: [[5, 9]], position: 9 });
});

test("nothing played is nothing to report", async () => {
  const video = film();
  await new Reporter(video, new Played(video), "/reports/", "t1", told).send();
  expect(sent).toHaveLength(0);
});

test("a report that could not be sent goes out with the next page", async () => {
  isOnline = false;
  const video = film([0, 9]);
  await new Reporter(video, new Played(video), "/reports/", "t2", told).send();
  expect(localStorage).toHaveLength(1);
  isOnline = true;
  const empty = film();
  new Reporter(empty, new Played(empty), "/reports/", "t3", told).start();
  await vi.waitFor(() => expect(localStorage).toHaveLength(0));
  expect(JSON.parse(sent[0]!)).toMatchObject({ token: "t2", intervals: [[0, 9]] });
});

test("a report that the server cannot take now waits, says when it was, and goes out with the next page", async () => {
  status = 503;
  const video = film([0, 9]);
  await new Reporter(video, new Played(video), "/reports/", "t2", told).send();
  expect(sent).toHaveLength(1);
  expect(JSON.parse(sent[0]!)).not.toHaveProperty("elapsed");
  expect(localStorage).toHaveLength(1);
  status = 202;
  const empty = film();
  new Reporter(empty, new Played(empty), "/reports/", "t3", told).start();
  await vi.waitFor(() => expect(localStorage).toHaveLength(0));
  expect(JSON.parse(sent[1]!)).toMatchObject({ token: "t2", intervals: [[0, 9]], elapsed: 0 });
});

test("while the server cannot take reports, the page that is left keeps its last one", async () => {
  status = 503;
  const beacon = vi.fn(() => true);
  vi.stubGlobal("navigator", { onLine: true, sendBeacon: beacon });
  const video = film([0, 9]);
  const reporter = new Reporter(video, new Played(video), "/reports/", "t2", told);
  await reporter.send();
  localStorage.setItem("kezhan.report.t2", "the one before");
  reporter.leave();
  expect(beacon).toHaveBeenCalled();
  expect(JSON.parse(localStorage.getItem("kezhan.report.t2")!)).toMatchObject({ intervals: [[0, 9]] });
});

test("what came of a report is asked for until it is settled, and then told", async () => {
  vi.useFakeTimers();
  const video = film([0, 4]);
  await new Reporter(video, new Played(video), "/reports/", "t1", told).send();
  await vi.advanceTimersByTimeAsync(700);
  expect(told.onProgress).not.toHaveBeenCalled();
  settled = { received: "1-0", covered_s: 4, length_s: 30, is_done: false, is_course_complete: false };
  await vi.advanceTimersByTimeAsync(1_100);
  expect(told.onProgress).toHaveBeenCalledExactlyOnceWith(settled);
  await vi.advanceTimersByTimeAsync(20_000);
  expect(told.onProgress).toHaveBeenCalledOnce();
});

test("of two reports on their way at once, what is settled of the later one tells of both", async () => {
  vi.useFakeTimers();
  const video = film([0, 4]);
  await new Reporter(video, new Played(video), "/reports/", "t1", told).send();
  settled = { received: "2-0", covered_s: 6, length_s: 30, is_done: false, is_course_complete: false };
  await vi.advanceTimersByTimeAsync(700);
  expect(told.onProgress).toHaveBeenCalledExactlyOnceWith(settled);
});

test("on a busy day it is asked for longer", async () => {
  vi.useFakeTimers();
  const video = film([0, 4]);
  await new Reporter(video, new Played(video), "/reports/", "t1", told).send();
  await vi.advanceTimersByTimeAsync(8_000);
  settled = { received: "1-0", covered_s: 4, length_s: 30, is_done: false, is_course_complete: false };
  await vi.advanceTimersByTimeAsync(12_000);
  expect(told.onProgress).toHaveBeenCalledExactlyOnceWith(settled);
});

const body = (at: number) => JSON.parse(sent[at]!) as Record<string, unknown>;

test("after a renewal the new session is told only of what is played in it, and the old one has the rest", async () => {
  const pairs: [number, number][] = [[0, 1800]];
  const video = film(...pairs);
  const played = new Played(video);
  const reporter = new Reporter(video, played, "/reports/", "old", told);
  await reporter.send();
  Object.defineProperty(video, "played", { value: film([0, 1807]).played, configurable: true });
  reporter.renew("new");
  expect(body(1)).toMatchObject({ token: "old", intervals: [[0, 1807]] });
  played.keep();
  Object.defineProperty(video, "played", { value: film([1807, 1820]).played, configurable: true });
  await reporter.send();
  expect(body(2)).toMatchObject({ token: "new", intervals: [[1807, 1820]] });
});

test("a renewal over a cut line keeps the last report of the old session with its own age", async () => {
  vi.useFakeTimers();
  const video = film([0, 9]);
  const reporter = new Reporter(video, new Played(video), "/reports/", "old", told);
  await vi.advanceTimersByTimeAsync(20_000);
  isOnline = false;
  reporter.renew("new");
  await vi.advanceTimersByTimeAsync(5_000);
  expect(JSON.parse(localStorage.getItem("kezhan.report.old")!)).toMatchObject({ token: "old", elapsed: 20 });
});

test("that the old token is refused by now is nobody's trouble", async () => {
  const video = film([0, 9]);
  const reporter = new Reporter(video, new Played(video), "/reports/", "old", told);
  status = 403;
  reporter.renew("new");
  await vi.waitFor(() => expect(sent).toHaveLength(1));
  expect(told.onRefused).not.toHaveBeenCalled();
});

test("what waits from another page goes before what this page reports", async () => {
  localStorage.setItem("kezhan.report.earlier", JSON.stringify({ token: "earlier" }));
  const video = film([0, 9]);
  await new Reporter(video, new Played(video), "/reports/", "t2", told).send();
  expect([body(0)["token"], body(1)["token"]]).toEqual(["earlier", "t2"]);
  expect(localStorage).toHaveLength(0);
});

test("back on the line, what waits goes out even when this page has nothing to report", async () => {
  localStorage.setItem("kezhan.report.earlier", JSON.stringify({ token: "earlier" }));
  isOnline = false;
  const video = film();
  new Reporter(video, new Played(video), "/reports/", "t2", told).start();
  isOnline = true;
  window.dispatchEvent(new Event("online"));
  await vi.waitFor(() => expect(localStorage).toHaveLength(0));
});

test("a speed counts for the reports that were played at it, and waits with those that were not heard", async () => {
  const video = film([0, 9]);
  const reporter = new Reporter(video, new Played(video), "/reports/", "t1", told);
  reporter.start();
  video.playbackRate = 3;
  video.dispatchEvent(new Event("ratechange"));
  video.playbackRate = 1;
  isOnline = false;
  await reporter.send();
  isOnline = true;
  await reporter.send(true);
  await reporter.send(true);
  expect([body(0)["speed"], body(1)["speed"]]).toEqual([3, 1]);
});

/** Of one session alone: reporters of the tests above hear the window, too. */
const sentFor = (token: string) =>
  sent.map((each) => JSON.parse(each) as Record<string, unknown>).filter((each) => each["token"] === token);

test("a tab that was left alone says since when it stands there, not now", async () => {
  vi.useFakeTimers();
  const video = film([0, 100]);
  const reporter = new Reporter(video, new Played(video), "/reports/", "alone", told);
  reporter.start();
  await vi.advanceTimersByTimeAsync(90_000);
  video.dispatchEvent(new Event("pause"));
  await vi.advanceTimersByTimeAsync(3_600_000);
  window.dispatchEvent(new Event("online"));
  await vi.advanceTimersByTimeAsync(100);
  expect(sentFor("alone").map((each) => [each["position"], each["elapsed"]])).toEqual([[100, undefined], [100, 90]]);
});

test("so does one whose report could not be sent when it stopped, whatever comes first", async () => {
  vi.useFakeTimers();
  const video = film([0, 100]);
  const reporter = new Reporter(video, new Played(video), "/reports/", "cut off", told);
  reporter.start();
  isOnline = false;
  await vi.advanceTimersByTimeAsync(90_000);
  video.dispatchEvent(new Event("pause"));
  await vi.advanceTimersByTimeAsync(3_600_000);
  await reporter.send();
  expect(JSON.parse(localStorage.getItem("kezhan.report.cut off")!)).toMatchObject({ position: 100, elapsed: 90 });
  isOnline = true;
  window.dispatchEvent(new Event("online"));
  await vi.advanceTimersByTimeAsync(100);
  expect(sentFor("cut off").length).toBeGreaterThan(1);
  expect(new Set(sentFor("cut off").map((each) => each["elapsed"]))).toEqual(new Set([90]));
});

test("what another tab keeps while its last report is being sent stays kept", async () => {
  localStorage.setItem("kezhan.report.t2", "earlier");
  vi.stubGlobal("fetch", async (_url: string, options: RequestInit) => {
    sent.push(String(options.body));
    if (sent.length === 1) localStorage.setItem("kezhan.report.t2", "later");
    return new Response(JSON.stringify({ received: "1-0", standing: null }), { status });
  });
  const empty = film();
  new Reporter(empty, new Played(empty), "/reports/", "t3", told).start();
  await vi.waitFor(() => expect(sent).toContain("earlier"));
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(localStorage.getItem("kezhan.report.t2")).toBe("later");
});
