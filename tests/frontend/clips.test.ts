import { afterEach, expect, test, vi } from "vitest";
import { Feed } from "../../frontend/clips/feed";
import { mayAutoplay, pick, read, savesData } from "../../frontend/clips/sources";

const SOURCES = read("360 /a.mp4,540 /b.mp4,720 /c.mp4");

afterEach(() => {
  localStorage.clear();
  vi.unstubAllGlobals();
});

function asked(query: string): void {
  vi.stubGlobal("matchMedia", (wanted: string) => ({ matches: wanted === query }));
}

test("the smallest file that fills the screen is taken", () => {
  expect(pick(SOURCES, 330, false)?.url).toBe("/a.mp4");
  expect(pick(SOURCES, 500, false)?.url).toBe("/b.mp4");
  expect(pick(SOURCES, 5000, false)?.url).toBe("/c.mp4");
});

test("where data is dear the smallest of all", () => {
  expect(pick(SOURCES, 5000, true)?.url).toBe("/a.mp4");
});

test("a page without files has none", () => {
  expect(pick(read(""), 300, false)).toBeUndefined();
});

test("who asked for nothing sees clips move", () => {
  asked("");
  expect(mayAutoplay()).toBe(true);
});

test("little motion, little data and a slow line each keep them still", () => {
  asked("(prefers-reduced-motion: reduce)");
  expect(mayAutoplay()).toBe(false);
  asked("");
  localStorage.setItem("kezhan.data", "sound");
  expect(savesData()).toBe(true);
  expect(mayAutoplay()).toBe(false);
  localStorage.clear();
  for (const connection of [{ saveData: true }, { effectiveType: "slow-2g" }]) {
    vi.stubGlobal("navigator", { connection });
    expect(mayAutoplay()).toBe(false);
  }
});

test("keys are heard all over the page, or on the clips alone where the viewer wants that", () => {
  vi.stubGlobal("IntersectionObserver", class { observe = () => undefined; });
  document.body.innerHTML = `<div data-clips><a href="/">A clip's</a></div><input type="checkbox" data-part="keys-reach"><p>Beside</p>`;
  const [root, inside, box, beside] = ["div", "a", "input", "p"].map((name) => document.querySelector(name)) as [HTMLElement, HTMLElement, HTMLInputElement, HTMLElement];
  new Feed(root).start();
  const heard = (at: HTMLElement) => !at.dispatchEvent(new KeyboardEvent("keydown", { code: "KeyM", bubbles: true, cancelable: true }));
  expect([box.checked, heard(beside), heard(inside)]).toEqual([true, true, true]);
  box.click();
  expect([heard(beside), heard(inside)]).toEqual([false, true]);
});
