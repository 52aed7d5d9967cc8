import { describe, expect, it } from "vitest";
import { answerOf } from "../../frontend/quiz/answers";
import { clock, isSaid, secondsLeft } from "../../frontend/quiz/countdown";

function question(kind: string, inside: string): HTMLElement {
  const box = document.createElement("fieldset");
  box.dataset.kind = kind;
  box.innerHTML = inside;
  return box;
}

const radios = (type: string, checked: string) =>
  ["a", "b", "c"].map((id) => `<input type="${type}" name="q" value="${id}"${checked.includes(id) ? " checked" : ""}>`).join("");
const places = (...values: string[]) =>
  values.map((value, at) => `<select data-option="o${at}"><option value=""></option><option value="${value}" selected>${value}</option></select>`).join("");

describe("the answer in a question's fields", () => {
  it("is the chosen option, or nothing", () => {
    expect(answerOf(question("single", radios("radio", "b")))).toBe("b");
    expect(answerOf(question("single", radios("radio", "")))).toBeNull();
  });

  it("is all chosen options", () => {
    expect(answerOf(question("multiple", radios("checkbox", "ac")))).toEqual(["a", "c"]);
    expect(answerOf(question("multiple", radios("checkbox", "")))).toBeNull();
  });

  it("is the text without its outer spaces", () => {
    expect(answerOf(question("text", '<input name="q" value="  slip glaze ">'))).toBe("slip glaze");
    expect(answerOf(question("number", '<input name="q" value="  ">'))).toBeNull();
  });

  it("is all marked lines, by number", () => {
    expect(answerOf(question("lines", radios("checkbox", "ac")))).toEqual(["a", "c"]);
    expect(answerOf(question("lines", radios("checkbox", "")))).toBeNull();
  });

  it("is what code prints, with its blanks", () => {
    expect(answerOf(question("output", '<textarea name="q">  1\n 2 </textarea>'))).toBe("  1\n 2 ");
    expect(answerOf(question("output", '<textarea name="q"> </textarea>'))).toBeNull();
  });

  it("is the order of the places, and nothing while a place is twice or empty", () => {
    expect(answerOf(question("order", places("2", "3", "1")))).toEqual(["o2", "o0", "o1"]);
    expect(answerOf(question("order", places("1", "1", "2")))).toBeNull();
    expect(answerOf(question("order", places("1", "", "2")))).toBeNull();
  });
});

describe("the time left", () => {
  it("goes by the server's clock", () => {
    expect(secondsLeft(100_000, 40_000, 0)).toBe(60);
    expect(secondsLeft(100_000, 140_000, 100_000)).toBe(60);
    expect(secondsLeft(100_000, 200_000, 0)).toBe(0);
  });

  it("is written in minutes and said at few moments", () => {
    expect(clock(65)).toBe("1:05");
    expect([601, 600, 60, 59, 10].filter(isSaid)).toEqual([600, 60, 10]);
  });
});
