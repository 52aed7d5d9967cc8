import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { keepDraft, unsent } from "../../../frontend/player/notes";
import { secondOf } from "../../../frontend/player/places";

describe("a place in the film", () => {
  it("is read as people write it", () => {
    expect(["", "  ", "95", "0:07", "12:40", "1:02:03"].map(secondOf)).toEqual([null, null, 95, 7, 760, 3723]);
  });

  it("is no number when it is no place", () => {
    for (const written of ["noon", "-1", "1:", "1e3", "1:2:3:4"]) expect(secondOf(written)).toBeNaN();
  });
});

describe("words that could not be sent", () => {
  it("come back while the note stands as it was", () => {
    expect(unsent('{"text":"Clay","revision":2}', 2)).toBe("Clay");
  });

  it("stay away when the note was changed since, or when they cannot be read", () => {
    expect(unsent('{"text":"Clay","revision":1}', 2)).toBeNull();
    for (const kept of [null, "", "{", '{"text":5,"revision":2}', "null"]) expect(unsent(kept, 2)).toBeNull();
  });
});

describe("a new note where nothing can be kept", () => {
  afterEach(() => vi.unstubAllGlobals());

  it("is at risk until it is sent or taken back", () => {
    const setItem = () => {
      throw new DOMException("full", "QuotaExceededError");
    };
    vi.stubGlobal("localStorage", { getItem: () => null, setItem, removeItem: () => undefined });
    const text = document.createElement("textarea");
    const draft = keepDraft("note-new-7-k", text, null);
    expect(draft.isAtRisk()).toBe(false);
    text.value = "A long thought";
    text.dispatchEvent(new Event("input"));
    expect(draft.isAtRisk()).toBe(true);
    text.value = "";
    expect(draft.isAtRisk()).toBe(false);
  });

  it("is at none where it can", () => {
    localStorage.clear();
    const text = document.createElement("textarea");
    const draft = keepDraft("note-new-7-k", text, null);
    text.value = "A long thought";
    text.dispatchEvent(new Event("input"));
    expect(draft.isAtRisk()).toBe(false);
  });
});

const PAGE = `<div data-notes data-api="/api/v1/notes/" data-lesson="k" data-draft="note-new-7-k" data-saved="Saved" data-offline="Offline" data-conflict="Changed" data-failed="Failed">
<form data-part="add" method="post"><textarea name="text"></textarea><input name="at"><button></button><button type="button" data-part="bookmark"></button><p data-part="trouble"></p></form>
<ol data-part="list"><li data-note="1" data-revision="0" data-at="30"><a data-part="place" href="?t=30"><time>0:30</time></a><span data-part="state"></span><form method="post"><textarea name="text">Old</textarea><button name="remove" value="1"></button></form></li></ol>
<template data-part="blank"><li data-note="" data-revision="" data-at=""><a data-part="place"><time></time></a><span data-part="state"></span><form method="post"><textarea name="text"></textarea><button name="remove" value="1"></button></form></li></template></div>`;

describe("the notes beside a film", () => {
  const answers: { status: number; body: unknown }[] = [];
  const sent: [string, string, unknown][] = [];

  beforeEach(async () => {
    vi.useFakeTimers();
    vi.resetModules();
    answers.length = sent.length = 0;
    localStorage.clear();
    vi.stubGlobal("fetch", async (url: string, init: RequestInit) => {
      sent.push([String(init.method), url, JSON.parse(String(init.body))]);
      const next = answers.shift();
      if (!next) throw new TypeError("no line");
      return { ok: next.status < 400, status: next.status, json: async () => next.body };
    });
    document.body.innerHTML = PAGE;
    await import("../../../frontend/player/notes");
  });

  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  const places = () => [...document.querySelectorAll<HTMLElement>("ol [data-note]")].map((note) => note.dataset["at"]);
  const state = () => document.querySelector("[data-part=state]")?.textContent;
  const write = (words: string) => {
    const box = document.querySelector<HTMLTextAreaElement>("ol textarea") as HTMLTextAreaElement;
    box.value = words;
    box.dispatchEvent(new Event("input", { bubbles: true }));
  };

  it("take a new note in at its place", async () => {
    answers.push({ status: 201, body: { id: 2, revision: 0, at_s: 12, text: "New" } });
    const form = document.querySelector<HTMLFormElement>("[data-part=add]") as HTMLFormElement;
    (form.querySelector("textarea") as HTMLTextAreaElement).value = "New";
    (form.querySelector("input") as HTMLInputElement).value = "0:12";
    form.dispatchEvent(new Event("submit", { cancelable: true, bubbles: true }));
    await vi.runAllTimersAsync();
    expect(sent).toEqual([["POST", "/api/v1/notes/", { lesson: "k", at_s: 12, text: "New" }]]);
    expect(places()).toEqual(["12", "30"]);
    expect(form.querySelector("textarea")?.value).toBe("");
  });

  it("keep a new note from the first sign on, and have it again on the next page", async () => {
    const form = document.querySelector<HTMLFormElement>("[data-part=add]") as HTMLFormElement;
    const [words, at] = [form.querySelector("textarea"), form.querySelector("input")];
    (at as HTMLInputElement).value = "0:12";
    (words as HTMLTextAreaElement).value = "A long thought";
    words?.dispatchEvent(new Event("input", { bubbles: true }));
    expect(dispatchEvent(new Event("beforeunload", { cancelable: true }))).toBe(true);

    document.body.innerHTML = PAGE;
    vi.resetModules();
    await import("../../../frontend/player/notes");
    const again = document.querySelector<HTMLFormElement>("[data-part=add]") as HTMLFormElement;
    expect(again.querySelector("textarea")?.value).toBe("A long thought");
    expect(again.querySelector("input")?.value).toBe("0:12");

    answers.push({ status: 201, body: { id: 2, revision: 0, at_s: 12, text: "A long thought" } });
    again.dispatchEvent(new Event("submit", { cancelable: true, bubbles: true }));
    await vi.runAllTimersAsync();
    expect(localStorage.getItem("note-new-7-k")).toBeNull();
  });

  it("keep the words and say why when a note is refused", async () => {
    answers.push({ status: 400, body: { errors: { at_s: ["No such second."] } } });
    const form = document.querySelector<HTMLFormElement>("[data-part=add]") as HTMLFormElement;
    (form.querySelector("textarea") as HTMLTextAreaElement).value = "New";
    form.dispatchEvent(new Event("submit", { cancelable: true, bubbles: true }));
    await vi.runAllTimersAsync();
    expect(document.querySelector("[data-part=trouble]")?.textContent).toBe("No such second.");
    expect(form.querySelector("textarea")?.value).toBe("New");
    expect(places()).toEqual(["30"]);
  });

  it("save once after a pause, with the revision that was seen", async () => {
    answers.push({ status: 200, body: { revision: 1 } });
    write("O");
    write("Other");
    await vi.advanceTimersByTimeAsync(1000);
    expect(sent).toEqual([["PATCH", "/api/v1/notes/1/", { text: "Other", revision: 0 }]]);
    expect(state()).toBe("Saved");
    expect(localStorage.getItem("note-1")).toBeNull();
  });

  it("keep what has no line and send it again", async () => {
    write("Other");
    await vi.advanceTimersByTimeAsync(1000);
    expect(state()).toBe("Offline");
    expect(unsent(localStorage.getItem("note-1"), 0)).toBe("Other");
    answers.push({ status: 200, body: { revision: 1 } });
    await vi.advanceTimersByTimeAsync(3000);
    expect(state()).toBe("Saved");
  });

  it("write over nothing that was changed elsewhere", async () => {
    answers.push({ status: 409, body: { code: "note_changed_elsewhere", detail: "x" } });
    write("Other");
    await vi.advanceTimersByTimeAsync(60_000);
    expect(sent.length).toBe(1);
    expect(state()).toBe("Changed");
  });

  it("go away when they are deleted", async () => {
    answers.push({ status: 204, body: null });
    const form = document.querySelector<HTMLFormElement>("ol form") as HTMLFormElement;
    form.dispatchEvent(new Event("submit", { cancelable: true, bubbles: true }));
    await vi.runAllTimersAsync();
    expect(sent[0]?.[0]).toBe("DELETE");
    expect(places()).toEqual([]);
  });
});
