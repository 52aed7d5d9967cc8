import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { moved, Suggestions } from "../../frontend/search/suggest";

const FOUND = [
  { text: "pottery", kind: "words", url: "/search/?q=pottery" },
  { text: "Pottery for two", kind: "course", url: "/courses/pottery-for-two/" },
];

let input: HTMLInputElement;
let asked: string[];

function write(text: string, isComposing = false): void {
  if (isComposing) input.dispatchEvent(new Event("compositionstart"));
  input.value = text;
  input.dispatchEvent(new Event("input"));
}

function press(key: string, keyCode = 0): boolean {
  const event = new KeyboardEvent("keydown", { key, cancelable: true, bubbles: true });
  Object.defineProperty(event, "keyCode", { value: keyCode });
  return input.dispatchEvent(event);
}

function options(): string[] {
  return [...document.querySelectorAll("[role=option]")].map((option) => option.textContent ?? "");
}

async function settle(): Promise<void> {
  await vi.advanceTimersByTimeAsync(200);
}

describe("suggestions", () => {
  beforeEach(() => {
    vi.useFakeTimers();
    asked = [];
    vi.stubGlobal("fetch", async (address: string) => {
      asked.push(address);
      return new Response(JSON.stringify({ suggestions: FOUND }));
    });
    document.body.innerHTML = `<form data-suggest="/search/suggest/" data-suggest-label="Suggestions" data-suggest-kinds="Skill|Creator|Institution"><input type="search"></form>`;
    input = document.querySelector("input")!;
    new Suggestions(input, document.querySelector("form")!).start();
    input.focus();
  });

  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it("are asked for once somebody pauses, not for each letter", async () => {
    for (const text of ["p", "po", "pot"]) write(text);
    await settle();
    expect(asked).toEqual(["/search/suggest/?q=pot"]);
    expect(options()).toEqual(["pottery", "Pottery for two"]);
    expect(input.getAttribute("aria-expanded")).toBe("true");
  });

  it("are asked for what was written before they were there", async () => {
    document.body.innerHTML = `<form data-suggest="/search/suggest/"><input type="search"></form>`;
    input = document.querySelector("input")!;
    input.value = "pot";
    input.focus();
    new Suggestions(input, document.querySelector("form")!).start();
    await settle();
    expect(asked).toEqual(["/search/suggest/?q=pot"]);
  });

  it("do not ask for signs whose composing began before", async () => {
    input.value = "ji";
    input.dispatchEvent(new InputEvent("input", { isComposing: true }));
    await settle();
    expect(asked).toEqual([]);
  });

  it("wait until signs are composed", async () => {
    write("ji q", true);
    await settle();
    expect(asked).toEqual([]);
    input.value = "机器";
    input.dispatchEvent(new Event("compositionend"));
    await settle();
    expect(asked).toEqual([`/search/suggest/?q=${encodeURIComponent("机器")}`]);
  });

  it("go when signs are being composed, also those on their way", async () => {
    write("pot");
    await settle();
    press("ArrowDown");
    input.dispatchEvent(new Event("compositionstart"));
    expect(options()).toEqual([]);
    expect(input.hasAttribute("aria-activedescendant")).toBe(false);
    input.dispatchEvent(new Event("compositionend"));
    let answer = (_: Response): void => undefined;
    vi.stubGlobal("fetch", () => new Promise<Response>((done) => (answer = done)));
    write("po");
    await settle();
    input.dispatchEvent(new Event("compositionstart"));
    answer(new Response(JSON.stringify({ suggestions: FOUND })));
    await settle();
    expect(options()).toEqual([]);
  });

  it("leave to the input method the Enter that ends composing, which Safari tells late", async () => {
    const assign = vi.spyOn(window.location, "assign").mockImplementation(() => undefined);
    write("pot");
    await settle();
    press("ArrowDown");
    expect(press("Enter", 229)).toBe(true);
    expect(assign).not.toHaveBeenCalled();
    expect(press("Enter", 13)).toBe(false);
    expect(assign).toHaveBeenCalledWith("/search/?q=pottery");
  });

  it("are walked by keys, named to screen readers, and given back by Escape", async () => {
    write("pot");
    await settle();
    expect(press("ArrowDown")).toBe(false);
    const first = document.querySelector("[role=option]")!;
    expect(input.getAttribute("aria-activedescendant")).toBe(first.id);
    expect(first.getAttribute("aria-selected")).toBe("true");
    expect(input.value).toBe("pottery");
    press("ArrowDown");
    expect(input.value).toBe("pot");
    press("ArrowUp");
    press("Escape");
    expect(input.value).toBe("pot");
    expect(options()).toEqual([]);
    expect(input.getAttribute("aria-expanded")).toBe("false");
  });

  it("say what a skill, a creator or an institution is", async () => {
    vi.stubGlobal("fetch", async () => new Response(JSON.stringify({ suggestions: [{ text: "Ada", kind: "creator", url: "/creators/ada/" }, ...FOUND] })));
    write("a");
    await settle();
    expect(options()).toEqual(["Ada Creator", "pottery", "Pottery for two"]);
    press("ArrowDown");
    expect(input.value).toBe("a");
  });

  it("leave Enter to the form while none is chosen", async () => {
    write("pot");
    await settle();
    expect(press("Enter")).toBe(true);
  });

  it("vanish with the words, and with the focus", async () => {
    write("pot");
    await settle();
    write(" ");
    expect(options()).toEqual([]);
    write("pot");
    await settle();
    input.dispatchEvent(new Event("blur"));
    expect(options()).toEqual([]);
  });
});

describe("a key", () => {
  it("goes around through the box itself", () => {
    expect(moved(-1, "ArrowDown", 2)).toBe(0);
    expect(moved(1, "ArrowDown", 2)).toBe(-1);
    expect(moved(-1, "ArrowUp", 2)).toBe(1);
    expect(moved(0, "ArrowUp", 2)).toBe(-1);
  });
});
