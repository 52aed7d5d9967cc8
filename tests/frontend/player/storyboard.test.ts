import { afterEach, describe, expect, it, vi } from "vitest";

import { read, Storyboard } from "../../../frontend/player/storyboard";

describe("a storyboard's index", () => {
  it("says which part of which sheet shows a moment", () => {
    const text = "WEBVTT\n\n00:00:00.000 --> 00:00:02.000\n001.jpg#xywh=0,0,160,90\n\n01:00:02.500 --> 01:00:04.000\n002.jpg#xywh=160,90,160,90\n";
    expect(read(text)).toEqual([
      { start: 0, end: 2, sheet: "001.jpg", x: 0, y: 0, width: 160, height: 90 },
      { start: 3602.5, end: 3604, sheet: "002.jpg", x: 160, y: 90, width: 160, height: 90 },
    ]);
  });
});

describe("a storyboard that is looked at for the first time", () => {
  afterEach(() => vi.unstubAllGlobals());

  it("shows the last second that was looked at as soon as its index is here", async () => {
    const INDEX = "WEBVTT\n\n00:00:00.000 --> 00:00:02.000\n001.jpg#xywh=0,0,160,90\n\n00:00:02.000 --> 00:00:04.000\n001.jpg#xywh=160,0,160,90\n\n";
    let answer = (_index: Response) => {};
    vi.stubGlobal("fetch", () => new Promise<Response>((resolve) => (answer = resolve)));
    const place = document.createElement("span");
    const storyboard = new Storyboard(place, "/hls/film/storyboard/index.vtt");
    storyboard.show(1);
    storyboard.show(3);
    expect(place.hidden).toBe(true);
    answer(new Response(INDEX));
    await vi.waitFor(() => expect(place.hidden).toBe(false));
    expect(place.style.backgroundPosition).toContain("-160px");
  });
});

describe("a storyboard that is refused", () => {
  afterEach(() => vi.unstubAllGlobals());

  it("says so, for its index and for a sheet, and asks again once there is a fresh address", async () => {
    const INDEX = "WEBVTT\n\n00:00:00.000 --> 00:00:02.000\n001.jpg#xywh=0,0,160,90\n\n";
    let status = 403;
    let refusals = 0;
    const images: EventTarget[] = [];
    vi.stubGlobal("fetch", async () => new Response(status === 200 ? INDEX : "", { status }));
    vi.stubGlobal("Image", class extends EventTarget { constructor() { super(); images.push(this); } });
    const place = document.createElement("span");
    const storyboard = new Storyboard(place, "/hls/old/storyboard/index.vtt", () => (refusals += 1));
    storyboard.show(1);
    await vi.waitFor(() => expect(refusals).toBe(1));
    status = 200;
    storyboard.renew((address) => address.replace("old", "fresh"));
    await vi.waitFor(() => expect(place.hidden).toBe(false));
    images[0]?.dispatchEvent(new Event("error"));
    expect([refusals, images.length]).toEqual([2, 1]);
    storyboard.renew((address) => address.replace("fresh", "fresher"));
    expect(images.length).toBe(2);
  });
});

describe("a storyboard whose address has grown too old", () => {
  afterEach(() => vi.unstubAllGlobals());

  it("is asked for again under the fresh one", async () => {
    const asked: string[] = [];
    const INDEX = "WEBVTT\n\n00:00:00.000 --> 00:00:02.000\n001.jpg#xywh=0,0,160,90\n\n";
    vi.stubGlobal("fetch", async (address: string) => {
      asked.push(address);
      return address.includes("old") ? new Response("", { status: 403 }) : new Response(INDEX);
    });
    const place = document.createElement("span");
    const storyboard = new Storyboard(place, "/hls/old/storyboard/index.vtt");
    const look = async () => {
      storyboard.show(1);
      await vi.waitFor(() => Promise.resolve());
      await new Promise((resolve) => setTimeout(resolve));
    };
    await look();
    expect([asked.length, place.hidden]).toEqual([1, true]);
    storyboard.renew((address) => address.replace("old", "fresh"));
    await look();
    expect(asked).toEqual(["/hls/old/storyboard/index.vtt", "/hls/fresh/storyboard/index.vtt"]);
    expect(place.style.backgroundImage).toContain("/hls/fresh/storyboard/001.jpg");
  });
});
