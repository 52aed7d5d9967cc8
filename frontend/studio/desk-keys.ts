// The moderators' desk without a mouse: which key does what, and where the focus is when the next page has come.
// Keys are told by their place (`event.code`), so that they work under every layout and input method.
import { stepped } from "./review/step";
import { isTyping, usesArrows } from "./review/typing";

const BY_KEY = "desk.by-key";

/** Rows of a queue, or the rules of a rubric. */
function items(): HTMLElement[] {
  const all = document.querySelectorAll<HTMLElement>("[data-queue-item], [data-judgment]:not(:disabled)");
  return [...all].filter((item) => item.checkVisibility());
}

function step(way: 1 | -1): boolean {
  const all = items();
  const now = all.findIndex((item) => item.contains(document.activeElement));
  const next = all[stepped(now, all.length, way)];
  const to = next?.querySelector<HTMLElement>("input:checked") ?? next?.querySelector<HTMLElement>("a, input:not([type=hidden])");
  to?.focus();
  return Boolean(to);
}

/** The rule that has the focus is judged; `then` is what is pressed or entered next, beside it. */
function judge(verdict: "holds" | "finding", then = ""): boolean {
  const box = document.activeElement?.closest<HTMLElement>("[data-judgment]");
  const radio = box?.querySelector<HTMLInputElement>(`input[type=radio][value=${verdict}]`);
  if (!box || !radio) return false;
  radio.checked = true;
  radio.focus();
  radio.dispatchEvent(new Event("change", { bubbles: true }));
  const next = then ? box.querySelector<HTMLElement>(then) : null;
  if (next?.matches("button")) next.click();
  else next?.focus();
  return true;
}

function press(selector: string): boolean {
  const button = document.querySelector<HTMLElement>(selector);
  if (!button?.checkVisibility() || button.matches(":disabled")) return false;
  button.focus();
  button.click();
  return true;
}

/** The next place, or the one before, of what the machine noticed: the film goes there, and the focus to it. */
function seek(way: 1 | -1): boolean {
  const places = [...document.querySelectorAll<HTMLElement>(".findings [data-at]")];
  const next = places[stepped(places.indexOf(document.activeElement as HTMLElement), places.length, way)];
  next?.closest("details")?.setAttribute("open", "");
  next?.focus();
  next?.click();
  return Boolean(next);
}

function act(event: KeyboardEvent): boolean {
  const arrow = event.code === "ArrowDown" || event.code === "ArrowUp";
  if (arrow) return !usesArrows(event.target) && step(event.code === "ArrowDown" ? 1 : -1);
  if (event.code === "KeyJ" || event.code === "KeyK") return step(event.code === "KeyJ" ? 1 : -1);
  if (event.code === "BracketRight" || event.code === "BracketLeft") return seek(event.code === "BracketRight" ? 1 : -1);
  if (event.code === "KeyH") return judge("holds");
  if (event.code === "KeyF") return judge("finding", "textarea");
  if (event.code === "KeyS") return judge("finding", "[data-use-second]");
  if (event.code === "KeyU") return press(".breadcrumb a");
  const letter = /^Key([A-Z])$/.exec(event.code)?.[1];
  return letter !== undefined && press(`[data-key="${letter.toLowerCase()}"]`);
}

/** From the words back to what they are about, so that keys are keys again. */
function leave(from: HTMLElement): boolean {
  const box = from.closest<HTMLElement>("[data-judgment]");
  const to = box?.querySelector<HTMLElement>("input:checked") ?? from.closest("form")?.querySelector<HTMLElement>("input[type=radio]:checked, button:not([type=button])");
  to?.focus();
  return Boolean(to);
}

/** What the form is for: for a review, what its findings say. */
function send(from: HTMLElement): boolean {
  const form = from.closest("form");
  const buttons = [...(form?.querySelectorAll<HTMLButtonElement>("button:not([type=button])") ?? [])];
  const verdict = form?.querySelector("input[value=finding]:checked") ? "return" : "approve";
  const button = buttons.find((one) => one.value === verdict) ?? buttons[0];
  button?.focus();
  button?.click();
  return Boolean(button);
}

function onKey(event: KeyboardEvent): void {
  sessionStorage.setItem(BY_KEY, "1");
  const from = event.target as HTMLElement;
  if (event.code === "Enter" && event.repeat && from.matches("button")) return event.preventDefault(); // held down is not agreed
  if (event.isComposing || event.altKey || event.shiftKey || from.closest("dialog")) return;
  let done = false;
  if (event.ctrlKey || event.metaKey) done = event.code === "Enter" && from.matches("textarea, input") && send(from);
  else if (event.code === "Escape") done = isTyping(from) && leave(from);
  else done = !isTyping(from) && act(event);
  if (done) event.preventDefault();
}

/** A page that a key led to begins where its work does, not at its head. Who uses a pointer is not moved about. */
function begin(): void {
  if (!sessionStorage.getItem(BY_KEY) || location.hash || document.activeElement !== document.body) return;
  const first = document.querySelector<HTMLElement>("[data-begin]");
  if (first) first.focus();
  else if (!step(1)) document.querySelector<HTMLElement>("#main")?.focus({ preventScroll: true });
}

if (document.querySelector("[data-desk]")) {
  document.addEventListener("keydown", onKey);
  document.addEventListener("pointerdown", () => sessionStorage.removeItem(BY_KEY));
  begin();
}
