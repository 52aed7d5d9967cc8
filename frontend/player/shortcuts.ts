// Answers for which key means what. Keys are told by their place (`event.code`), so that they work under every layout
// and input method, and never while somebody is typing. Who speaks to a computer may take them off the rest of the page.
import * as memory from "./memory";

const NAME = "kezhan.keys";

export type Act =
  | "play" | "back" | "forward" | "step-back" | "step-forward" | "louder" | "softer" | "mute" | "full" | "captions"
  | "slower" | "faster" | "frame-back" | "frame-forward" | "theatre" | "pip" | "help" | "loop" | `part-${number}`;

type Key = Pick<KeyboardEvent, "code" | "shiftKey" | "ctrlKey" | "altKey" | "metaKey" | "isComposing">;

const PLAIN: Record<string, Act> = {
  Space: "play",
  KeyK: "play",
  KeyJ: "back",
  KeyL: "forward",
  ArrowLeft: "step-back",
  ArrowRight: "step-forward",
  ArrowUp: "louder",
  ArrowDown: "softer",
  KeyM: "mute",
  KeyF: "full",
  KeyC: "captions",
  KeyT: "theatre",
  KeyI: "pip",
  KeyB: "loop",
  Comma: "frame-back",
  Period: "frame-forward",
};
const SHIFTED: Record<string, Act> = { Comma: "slower", Period: "faster", Slash: "help" };

// Where a slider goes up and down too; the bar's own steps, a hundredth of the film, would be minutes.
const ON_SEEK_BAR: Record<string, Act> = { ArrowUp: "step-forward", ArrowDown: "step-back" };
const OF_SLIDERS = /^(?:Arrow|Home|End|Page)/;

export function actOf(key: Key, target: EventTarget | null = null): Act | null {
  if (key.ctrlKey || key.altKey || key.metaKey || key.isComposing) return null;
  const onBar = isSeekBar(target) && !key.shiftKey && ON_SEEK_BAR[key.code];
  if (onBar) return onBar;
  if (key.shiftKey) return SHIFTED[key.code] ?? null;
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(key.code)?.[1];
  return digit === undefined ? (PLAIN[key.code] ?? null) : `part-${Number(digit)}`;
}

function isSeekBar(target: EventTarget | null): boolean {
  return target instanceof Element && target.matches("[data-part='seek']");
}

/** Whether the focused element needs this key for itself. */
export function belongsTo(target: EventTarget | null, code: string): boolean {
  if (!(target instanceof Element)) return false;
  const typed = "textarea, select, [contenteditable]:not([contenteditable='false']), dialog[open]";
  if (target.closest(typed) || target.matches("input:not([type='range'])")) return true;
  if (target.matches("input, [role='slider'], [role='tab']") && !isSeekBar(target) && OF_SLIDERS.test(code)) return true;
  return code === "Space" && target.closest("button, summary, a") !== null;
}

/** Whether a key that was pressed at `target` is for the player: all over the page, unless the viewer wants it otherwise. */
export function reach(player: Element, target: EventTarget | null): boolean {
  return memory.recall(NAME) !== "player" || (target instanceof Node && player.contains(target));
}

/** The box with which the viewer says so. */
export function offerKeys(box: HTMLInputElement | null): void {
  if (!box) return;
  box.checked = memory.recall(NAME) !== "player";
  box.addEventListener("change", () => memory.keep(NAME, box.checked ? "page" : "player"));
}
