import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { GoOn, isWriting, wasPromised } from "../../../frontend/player/go-on";

let left: string[];

function ending(): GoOn {
  document.body.innerHTML = `<div id="player"><a data-part="next" href="/learn/clay/two/">Go on</a>
    <p data-part="going" hidden><span data-part="going-in"></span></p><input type="checkbox" data-part="go-on"></div>
    <textarea></textarea>`;
  const root = document.querySelector<HTMLElement>("#player")!;
  const made = new GoOn(root, root.querySelector("a"), (address) => left.push(new URL(address).pathname));
  made.start();
  return made;
}

const box = () => document.querySelector<HTMLInputElement>('[data-part="go-on"]')!;
const going = () => !document.querySelector<HTMLElement>('[data-part="going"]')!.hidden;

function choose(): void {
  box().checked = true;
  box().dispatchEvent(new Event("change"));
}

beforeEach(() => {
  vi.useFakeTimers();
  localStorage.clear();
  left = [];
});
afterEach(() => void vi.useRealTimers());

test("nobody is led on who did not ask for it", () => {
  ending().ended();
  vi.advanceTimersByTime(60_000);
  expect([going(), left]).toEqual([false, []]);
});

test("chosen once, the next film follows after eight seconds, also at the end of the next one", () => {
  ending();
  choose();
  expect(going()).toBe(true);
  vi.advanceTimersByTime(7_900);
  expect(left).toEqual([]);
  vi.advanceTimersByTime(200);
  expect(left).toEqual(["/learn/clay/two/"]);
  const next = ending();
  expect(box().checked).toBe(true);
  next.ended();
  vi.advanceTimersByTime(8_000);
  expect(left).toHaveLength(2);
});

test("who says stay, stays", () => {
  const one = ending();
  choose();
  one.stop();
  vi.advanceTimersByTime(60_000);
  expect([going(), left]).toEqual([false, []]);
});

test("who writes is not led away, neither at the end nor by a count that has begun", () => {
  const one = ending();
  choose();
  document.querySelector("textarea")!.focus();
  vi.advanceTimersByTime(60_000);
  one.ended();
  expect([going(), left]).toEqual([false, []]);
});

test("who has words on the page that are not kept, or a window open, stays", () => {
  const one = ending();
  choose();
  document.querySelector("textarea")!.value = "Why is it";
  vi.advanceTimersByTime(60_000);
  document.querySelector("textarea")!.value = "";
  document.body.append(Object.assign(document.createElement("dialog"), { open: true }));
  one.ended();
  vi.advanceTimersByTime(60_000);
  expect([going(), left]).toEqual([false, []]);
});

test("only words count as writing", () => {
  document.body.innerHTML = '<input type="checkbox"><input type="search"><button></button>';
  expect([...document.body.children].map((each) => isWriting(each))).toEqual([false, true, false]);
  expect(isWriting(null)).toBe(false);
});

test("a promise holds for its own page and once", () => {
  localStorage.setItem("kezhan.coming", `${Date.now()} ${location.pathname}`);
  expect([wasPromised(), wasPromised()]).toEqual([true, false]);
  localStorage.setItem("kezhan.coming", `${Date.now() - 31_000} ${location.pathname}`);
  expect(wasPromised()).toBe(false);
  localStorage.setItem("kezhan.coming", `${Date.now()} /learn/another/`);
  expect([wasPromised(), localStorage.getItem("kezhan.coming")]).toEqual([false, null]);
});
