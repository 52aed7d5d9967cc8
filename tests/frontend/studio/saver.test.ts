import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Autosaver, type Answer, type SaveState, type Values } from "../../../frontend/studio/autosave/saver";

interface Kept { values: Values; revision: number }

function desk(answers: Answer[]) {
  const sent: { values: Values; revision: number }[] = [];
  const states: SaveState[] = [];
  const shelf: { kept: Kept | null } = { kept: null };
  const saver = new Autosaver({
    revision: 4,
    debounceMs: 900,
    send: (values, revision) => {
      sent.push({ values, revision });
      return Promise.resolve(answers.shift() ?? { kind: "saved", revision: revision + 1 });
    },
    onState: (state) => states.push(state),
    backup: {
      write: (values, revision) => { shelf.kept = { values, revision }; },
      clear: () => { shelf.kept = null; },
    },
  });
  return { saver, sent, states, shelf };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("the autosaver", () => {
  it("waits for a pause and sends the newest text once", async () => {
    const { saver, sent, states } = desk([]);
    saver.changed({ title: "K" });
    await vi.advanceTimersByTimeAsync(500);
    saver.changed({ title: "Knots" });
    await vi.advanceTimersByTimeAsync(899);
    expect(sent).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(sent).toEqual([{ values: { title: "Knots" }, revision: 4 }]);
    expect(states.at(-1)).toBe("saved");
  });

  it("sends the next change with the revision that the server gave", async () => {
    const { saver, sent } = desk([{ kind: "saved", revision: 9 }]);
    saver.changed({ title: "One" });
    await vi.advanceTimersByTimeAsync(900);
    saver.changed({ title: "Two" });
    await vi.advanceTimersByTimeAsync(900);
    expect(sent.map((each) => each.revision)).toEqual([4, 9]);
  });

  it("keeps the text in the browser until the server has it", async () => {
    const { saver, shelf } = desk([]);
    saver.changed({ title: "Knots" });
    expect(shelf.kept).toEqual({ values: { title: "Knots" }, revision: 4 });
    await vi.advanceTimersByTimeAsync(900);
    expect(shelf.kept).toBeNull();
  });

  it("stops at a conflict, keeps every later word, and never overwrites", async () => {
    const { saver, sent, states, shelf } = desk([{ kind: "conflict", detail: "Edited elsewhere" }]);
    saver.changed({ title: "Mine" });
    await vi.advanceTimersByTimeAsync(900);
    expect(states.at(-1)).toBe("conflict");
    saver.changed({ title: "Mine, longer" });
    await vi.advanceTimersByTimeAsync(120_000);
    expect(sent).toHaveLength(1);
    expect(shelf.kept?.values).toEqual({ title: "Mine, longer" });
    expect(saver.hasUnsaved).toBe(true);
  });

  it("tries again by itself after being offline, with growing pauses", async () => {
    const { saver, sent, states } = desk([{ kind: "offline" }, { kind: "offline" }]);
    saver.changed({ title: "Knots" });
    await vi.advanceTimersByTimeAsync(900);
    expect(states.at(-1)).toBe("offline");
    await vi.advanceTimersByTimeAsync(2_000);
    expect(sent).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(3_999);
    expect(sent).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(1);
    expect(states.at(-1)).toBe("saved");
  });

  it("goes on at once when the network is back", async () => {
    const { saver, sent } = desk([{ kind: "offline" }]);
    saver.changed({ title: "Knots" });
    await vi.advanceTimersByTimeAsync(900);
    saver.retryNow();
    await vi.advanceTimersByTimeAsync(0);
    expect(sent).toHaveLength(2);
  });

  it("does not repeat what the server called wrong, until it is changed", async () => {
    const { saver, sent, states } = desk([{ kind: "invalid", detail: "Too long" }]);
    saver.changed({ title: "x".repeat(99) });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(sent).toHaveLength(1);
    expect(states.at(-1)).toBe("failed");
    saver.changed({ title: "short" });
    await vi.advanceTimersByTimeAsync(900);
    expect(states.at(-1)).toBe("saved");
  });

  it("has one request on the way at a time", async () => {
    const release: ((answer: Answer) => void)[] = [];
    const sent: Values[] = [];
    const saver = new Autosaver({
      revision: 1,
      debounceMs: 10,
      send: (values) => {
        sent.push(values);
        return new Promise((resolve) => release.push(resolve));
      },
      onState: () => undefined,
      backup: { write: () => undefined, clear: () => undefined },
    });
    saver.changed({ title: "a" });
    await vi.advanceTimersByTimeAsync(10);
    saver.changed({ title: "b" });
    await vi.advanceTimersByTimeAsync(50);
    expect(sent).toEqual([{ title: "a" }]);
    release[0]?.({ kind: "saved", revision: 2 });
    await vi.advanceTimersByTimeAsync(10);
    expect(sent).toEqual([{ title: "a" }, { title: "b" }]);
  });
});
