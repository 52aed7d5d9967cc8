import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { Gestures } from "../../../frontend/player/gestures";

describe("a finger on the film", () => {
  let video: HTMLVideoElement;
  let jump: HTMLElement;
  let acts: string[];
  let plays: number;
  let isIdle: boolean;

  const finger = (name: string, x: number, y = 50) =>
    video.dispatchEvent(new PointerEvent(name, {
      pointerType: "touch", pointerId: 1, isPrimary: true, clientX: x, clientY: y, bubbles: true, cancelable: true,
    }));

  const click = (x: number, pointerType = "touch") =>
    video.dispatchEvent(new PointerEvent("click", { pointerType, clientX: x, bubbles: true, cancelable: true }));

  beforeEach(() => {
    vi.useFakeTimers();
    document.body.innerHTML = "<video></video><p hidden></p>";
    video = document.querySelector("video") as HTMLVideoElement;
    jump = document.querySelector("p") as HTMLElement;
    acts = [];
    plays = 0;
    Object.defineProperty(video, "paused", { value: false, configurable: true });
    video.getBoundingClientRect = () => new DOMRect(0, 0, 300, 100);
    video.currentTime = 100;
    isIdle = false;
    new Gestures(video, {
      act: (act) => acts.push(act), seek: (to) => acts.push(`to ${Math.round(to)}`), length: 600, get isIdle() { return isIdle; },
    }, jump).start();
    video.addEventListener("click", () => (plays += 1));
  });
  afterEach(() => vi.useRealTimers());

  it("drawn along it looks for a place, which is told meanwhile", () => {
    finger("pointerdown", 100);
    finger("pointermove", 200, 55);
    expect([jump.hidden, jump.textContent]).toEqual([false, "2:10 (+30 s)"]);
    finger("pointerup", 200);
    click(200);
    expect([acts, plays]).toEqual([["to 130"], 0]);
    vi.advanceTimersByTime(700);
    expect(jump.hidden).toBe(true);
    click(200);
    expect(plays).toBe(1);
  });

  it("finds a film that stands under its button", () => {
    const cover = document.createElement("button");
    document.body.append(cover);
    cover.addEventListener("click", () => (plays += 1));
    new Gestures(video, { act: (act) => acts.push(act), seek: (to) => acts.push(`to ${to}`), length: 600, isIdle: false }, jump, cover).start();
    for (const _touch of [1, 2]) {
      for (const name of ["pointerdown", "pointerup"]) {
        cover.dispatchEvent(new PointerEvent(name, { pointerType: "touch", pointerId: 1, isPrimary: true, clientX: 290 }));
      }
      cover.dispatchEvent(new PointerEvent("click", { pointerType: "touch", clientX: 290, bubbles: true, cancelable: true }));
    }
    vi.advanceTimersByTime(900);
    expect([acts, plays]).toEqual([["forward"], 0]);
  });

  it("drawn up or down is the page's", () => {
    finger("pointerdown", 100);
    finger("pointermove", 105, 90);
    finger("pointermove", 200, 95);
    finger("pointercancel", 200);
    expect(acts).toEqual([]);
    expect(jump.hidden).toBe(true);
  });

  it("that rests plays at double speed until it is lifted", () => {
    video.playbackRate = 1.25;
    finger("pointerdown", 100);
    vi.advanceTimersByTime(499);
    expect(video.playbackRate).toBe(1.25);
    vi.advanceTimersByTime(1);
    expect([video.playbackRate, jump.textContent]).toEqual([2, "2 ×"]);
    finger("pointermove", 180);
    finger("pointerup", 180);
    click(180);
    expect([video.playbackRate, acts, plays]).toEqual([1.25, [], 0]);
  });

  it("that rests on a film that stands does nothing, and one that is taken away by the system lets go", () => {
    Object.defineProperty(video, "paused", { value: true, configurable: true });
    finger("pointerdown", 100);
    vi.advanceTimersByTime(900);
    expect(video.playbackRate).toBe(1);
    finger("pointerup", 100);
    Object.defineProperty(video, "paused", { value: false, configurable: true });
    finger("pointerdown", 100);
    vi.advanceTimersByTime(900);
    finger("pointercancel", 100);
    expect(video.playbackRate).toBe(1);
  });

  const tap = (x: number) => {
    finger("pointerdown", x);
    finger("pointerup", x);
    click(x);
  };

  it("touches twice at a side to go ten seconds, and plays or pauses nothing", () => {
    for (const idle of [false, true]) {
      isIdle = idle;
      tap(10);
      isIdle = false;
      tap(10);
      vi.advanceTimersByTime(900);
    }
    expect([acts, plays, jump.textContent]).toEqual([["back", "back"], 0, "−10 s"]);
  });

  it.each(["mouse", ""])("that was drawn swallows no click of another kind (%j)", (kind) => {
    finger("pointerdown", 100);
    finger("pointermove", 200);
    finger("pointerup", 200);
    click(150, kind);
    tap(10);
    click(150, kind);
    expect(plays).toBe(2);
  });

  it.each([[150, [], 1], [290, ["play"], 0]])("that touches elsewhere a moment later counts alone (at %d)", (x, then, played) => {
    tap(10);
    vi.advanceTimersByTime(100);
    tap(x);
    vi.advanceTimersByTime(900);
    expect([acts, plays]).toEqual([then, played]);
  });

  it("touches once at a side to play or pause a moment later, in the middle at once", () => {
    tap(10);
    expect(acts).toEqual([]);
    vi.advanceTimersByTime(300);
    expect([acts, plays]).toEqual([["play"], 0]);
    tap(150);
    expect([acts, plays]).toEqual([["play"], 1]);
    isIdle = true;
    tap(10);
    vi.advanceTimersByTime(900);
    expect(acts).toEqual(["play"]);
  });
});
