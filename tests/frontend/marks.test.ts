import { beforeEach, expect, test } from "vitest";
import { choose, total, wire } from "../../frontend/assignment/marks";

function radio(name: string, points: number): string {
  return `<label><input type="radio" name="${name}" value="${name}${points}" data-points="${points}"></label>`;
}

let form: HTMLFormElement;
beforeEach(() => {
  document.body.innerHTML = `<form data-marks data-most="10">
    <fieldset data-criterion>${radio("a", 4)}${radio("a", 2)}${radio("a", 0)}</fieldset>
    <fieldset data-criterion>${radio("b", 6)}${radio("b", 0)}</fieldset>
    <textarea></textarea><span data-total data-words="{points} of {most}"></span></form>`;
  form = document.querySelector("form") as HTMLFormElement;
});

function press(key: string, target: EventTarget = document.body, more: KeyboardEventInit = {}): void {
  target.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, ...more }));
}

test("keys choose level after level, and the sum is said", () => {
  wire(form);
  press("2");
  press("1");
  expect(total(form)).toBe(8);
  expect(form.querySelector("[data-total]")?.textContent).toBe("8 of 10");
  expect(document.activeElement?.tagName).toBe("TEXTAREA");
});

test("a number without a level does nothing, and digits in a text stay digits", () => {
  wire(form);
  expect(choose(form, 5)).toBe(false);
  press("1", form.querySelector("textarea") as HTMLTextAreaElement);
  expect(total(form)).toBe(0);
});

test("control and enter send", () => {
  let sent = 0;
  form.requestSubmit = () => { sent += 1; };
  wire(form);
  press("Enter", form.querySelector("textarea") as HTMLTextAreaElement);
  press("Enter", form.querySelector("textarea") as HTMLTextAreaElement, { ctrlKey: true });
  expect(sent).toBe(1);
});
