import { expect, test } from "vitest";
import { actOf, belongsTo } from "../../../frontend/player/shortcuts";
import { neighbor } from "../../../frontend/player/speeds";

const key = (code: string, held: Partial<KeyboardEvent> = {}) => ({
  code, shiftKey: false, ctrlKey: false, altKey: false, metaKey: false, isComposing: false, ...held,
});

test.each([
  ["Space", "play"], ["KeyK", "play"], ["KeyJ", "back"], ["KeyL", "forward"], ["ArrowLeft", "step-back"],
  ["ArrowUp", "louder"], ["KeyM", "mute"], ["KeyF", "full"], ["KeyC", "captions"], ["Digit7", "part-7"], ["Numpad0", "part-0"],
])("%s means %s", (code, act) => expect(actOf(key(code))).toBe(act));

test("shift tells speed from frame", () => {
  expect(actOf(key("Period"))).toBe("frame-forward");
  expect(actOf(key("Period", { shiftKey: true }))).toBe("faster");
  expect(actOf(key("Slash", { shiftKey: true }))).toBe("help");
});

test("a held modifier or an input method in use means nothing", () => {
  expect(actOf(key("KeyK", { ctrlKey: true }))).toBeNull();
  expect(actOf(key("KeyK", { isComposing: true }))).toBeNull();
});

test("a field, a button and the volume keep their own keys", () => {
  document.body.innerHTML = `<textarea></textarea><button>b</button><input type="range" data-part="volume">
    <input type="range" data-part="seek">`;
  const [field, button, volume, seek] = document.body.children;
  expect(belongsTo(field!, "KeyK")).toBe(true);
  expect(belongsTo(button!, "Space")).toBe(true);
  expect(belongsTo(button!, "KeyK")).toBe(false);
  expect(belongsTo(volume!, "ArrowUp")).toBe(true);
  expect(belongsTo(seek!, "ArrowLeft")).toBe(false);
});

test("speeds go step by step and end at their ends", () => {
  expect(neighbor(1, 1)).toBe(1.25);
  expect(neighbor(3, 1)).toBe(3);
  expect(neighbor(0.5, -1)).toBe(0.5);
});
