import { beforeEach, expect, test, vi } from "vitest";
import { smallest, Source } from "../../../frontend/player/source";

const LEVELS = [
  { width: 360, height: 640 },
  { width: 720, height: 1280 },
];
const SOUNDS = ["a128", "a64"];

/** hls.js as far as we speak to it: what it was told to load, and which level was asked for. */
class Hls {
  static made: Hls[] = [];
  static Events = { LEVEL_SWITCHED: "level", FRAG_LOADED: "frag", ERROR: "error", MANIFEST_PARSED: "parsed" };
  static DefaultConfig = { loader: class {} };
  static isThere = true;
  static isSupported = () => Hls.isThere;
  loaded = "";
  levels: object[] = LEVELS;
  nextLevel = -1;
  currentLevel = 0;
  isGone = false;
  constructor(readonly config: { startPosition: number }) {
    Hls.made.push(this);
  }
  get autoLevelEnabled(): boolean {
    return this.nextLevel === -1;
  }
  get allAudioTracks(): object[] {
    const base = this.loaded.replace("master.m3u8", "");
    return SOUNDS.map((groupId) => ({ groupId, bitrate: 0, url: `${base}${groupId}/index.m3u8` }));
  }
  on(): void {}
  once(_event: string, run: () => void): void {
    run();
  }
  attachMedia(): void {}
  destroy(): void {
    this.isGone = true;
  }
  loadSource(address: string): void {
    this.loaded = address;
  }
}

vi.mock("../../../frontend/player/hls", () => ({ loadHls: async () => Hls }));

const OLD = "https://shop.example/hls/old/1/7/film/master.m3u8";
const FRESH = "https://shop.example/hls/fresh/2/7/film/master.m3u8";
const onQuality = vi.fn();

async function opened(): Promise<Source> {
  const told = { onQuality, onTrouble: vi.fn(), onRecovered: vi.fn(), beforeReset: vi.fn() };
  const source = new Source(document.createElement("video"), told);
  await source.open(OLD, 0);
  return source;
}

const playing = () => Hls.made.at(-1) as Hls;

beforeEach(() => {
  Hls.made = [];
  Hls.isThere = true;
  onQuality.mockReset();
});

test("sound alone is the smallest there is", async () => {
  expect(await (await opened()).chooseSoundOnly()).toBe(true);
  expect(playing().loaded).toBe("https://shop.example/hls/old/1/7/film/a64/index.m3u8");
});

test("without a number in its name a sound's bit rate counts", () => {
  const sounds = [{ url: "/good", groupId: "good", bitrate: 128_000 }, { url: "/small", groupId: "small", bitrate: 64_000 }];
  expect(smallest(sounds)?.url).toBe("/small");
  expect(smallest([])).toBeUndefined();
});

test("under a fresh address sound alone stays alone", async () => {
  const source = await opened();
  await source.chooseSoundOnly();
  await source.renew(FRESH);
  expect(playing().loaded).toBe("https://shop.example/hls/fresh/2/7/film/a64/index.m3u8");
  await source.chooseLines(null);
  expect(playing().loaded).toBe(FRESH);
});

test("under a fresh address the quality that was chosen stays, and one chosen by bandwidth too", async () => {
  const source = await opened();
  await source.renew(FRESH);
  expect([playing().loaded, playing().nextLevel]).toEqual([FRESH, -1]);
  await source.chooseLines(720);
  await source.renew(OLD);
  expect([playing().loaded, playing().nextLevel]).toEqual([OLD, 1]);
  expect(Hls.made.map((one) => one.isGone)).toEqual([true, true, false]);
});

test("an upright film's lines are its shorter side", async () => {
  const source = await opened();
  await source.chooseLines(720);
  expect(playing().nextLevel).toBe(1);
  expect(onQuality).toHaveBeenLastCalledWith(false, 360);
});

test("the browser's own player asks for a fresh address when the old one fails, and goes on where it was", async () => {
  Hls.isThere = false;
  const video = document.createElement("video");
  const played = vi.spyOn(video, "play").mockResolvedValue(undefined);
  const told = { onQuality, onTrouble: vi.fn(), onRecovered: vi.fn(), beforeReset: vi.fn() };
  const source = new Source(video, told);
  await source.open(OLD, 0);
  Object.defineProperty(video, "paused", { value: false });
  video.currentTime = 41;
  video.dispatchEvent(new Event("error"));
  expect(told.onTrouble.mock.calls).toEqual([["refused"]]);
  await source.renew(FRESH);
  video.dispatchEvent(new Event("loadedmetadata"));
  expect([video.src, video.currentTime, played.mock.calls.length]).toEqual([FRESH, 41, 1]);
  video.dispatchEvent(new Event("error"));
  expect(told.onTrouble).toHaveBeenCalledTimes(2);
});
