import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { Renewal } from "../../../frontend/player/renewal";

const FRESH = { master_url: "/hls/fresh/master.m3u8", report_token: null };
const onFresh = vi.fn(async () => {});
const onTrouble = vi.fn();
const asked = vi.fn<() => Promise<Response>>();
const json = (body: object, status = 200) => new Response(JSON.stringify(body), { status });
const told = () => onTrouble.mock.calls.map(([trouble]) => trouble as string);

let renewal: Renewal;
beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("fetch", asked);
  for (const mock of [onFresh, onTrouble, asked]) mock.mockReset();
  renewal = new Renewal(() => "/api/playback/", { onFresh, onTrouble });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test.each([502, 503, 500, 429])("a server that cannot answer (%i) has refused nothing, and is asked again", async (status) => {
  asked.mockImplementation(async () => new Response("", { status }));
  await renewal.ask();
  expect([told(), renewal.isWaiting]).toEqual([["connection"], true]);
  asked.mockImplementation(async () => json(FRESH));
  await vi.advanceTimersByTimeAsync(1_000);
  expect(onFresh).toHaveBeenCalledWith(FRESH);
  expect([told(), renewal.isWaiting]).toEqual([["connection"], false]);
});

test("without a line it is asked again ever more slowly, and at once when the line is back", async () => {
  asked.mockImplementation(async () => Promise.reject(new TypeError("no line")));
  await renewal.ask();
  await vi.advanceTimersByTimeAsync(6_900);
  expect(asked).toHaveBeenCalledTimes(3);
  asked.mockImplementation(async () => json(FRESH));
  window.dispatchEvent(new Event("online"));
  await vi.advanceTimersByTimeAsync(0);
  expect(onFresh).toHaveBeenCalledOnce();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(asked).toHaveBeenCalledTimes(4);
});

test("tried by hand within seconds of a lost line, it asks and does not give the film up", async () => {
  asked.mockImplementationOnce(async () => Promise.reject(new TypeError("no line"))).mockImplementation(async () => json(FRESH));
  await renewal.ask();
  renewal.again();
  await vi.advanceTimersByTimeAsync(0);
  expect([told(), onFresh.mock.calls.length]).toEqual([["connection"], 1]);
});

test("refused again right after it was given a fresh address, a film is broken", async () => {
  asked.mockImplementation(async () => json(FRESH));
  await renewal.ask();
  await renewal.ask();
  expect([told(), asked.mock.calls.length]).toEqual([["broken"], 1]);
  await vi.advanceTimersByTimeAsync(20_000);
  await renewal.ask();
  expect(onFresh).toHaveBeenCalledTimes(2);
});

test("a right that has ended is said, a crowd of devices may be tried again", async () => {
  asked.mockImplementation(async () => json({ code: "too_many_devices" }, 403));
  await renewal.ask();
  asked.mockImplementation(async () => json({ code: "not_allowed" }, 403));
  await renewal.ask();
  expect([told(), renewal.isWaiting]).toEqual([["devices", "refused"], false]);
});
