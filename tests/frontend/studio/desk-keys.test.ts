import { describe, expect, it } from "vitest";
import { isTyping, usesArrows } from "../../../frontend/studio/review/typing";

function made(html: string): HTMLElement {
  document.body.innerHTML = html;
  return document.querySelector<HTMLElement>("[data-it]") as HTMLElement;
}

describe("a key of the desk", () => {
  it("is the words' where words are typed, and the player's in the player", () => {
    const words = ["<textarea data-it></textarea>", "<select data-it></select>", "<input data-it>", "<lesson-player><button data-it></button></lesson-player>"];
    expect(words.map((html) => isTyping(made(html)))).toEqual([true, true, true, true]);
  });
  it("is the desk's on radios, boxes, buttons and links", () => {
    const desk = ["<input type=radio data-it>", "<input type=checkbox data-it>", "<button data-it></button>", "<a href='/' data-it>x</a>"];
    expect(desk.map((html) => isTyping(made(html)))).toEqual([false, false, false, false]);
  });
  it("leaves arrows to radios", () => {
    expect([usesArrows(made("<input type=radio data-it>")), usesArrows(made("<a href='/' data-it>x</a>"))]).toEqual([true, false]);
  });
});
