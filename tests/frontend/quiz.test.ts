import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
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

describe("a form that is handed in", () => {
  const answers: unknown[] = [];
  let status = 200;
  const asked = (id: string, kind: string, inside: string) => `<fieldset data-question="${id}" data-kind="${kind}">${inside}</fieldset>`;
  const boxes = (id: string) =>
    `<input type="hidden" name="q-${id}" value=""><input type="checkbox" name="q-${id}" value="a"><input type="checkbox" name="q-${id}" value="b">`;
  const select = (id: string, option: string) =>
    `<select name="q-${id}-${option}" data-option="${option}"><option value=""></option><option value="1">1</option><option value="2">2</option></select>`;
  const text = (id: string) => `<input type="text" name="q-${id}" value="">`;

  const served = () => {
    document.body.innerHTML = `<form data-attempt="/answers/"><input type="hidden" name="token" value="t">${
      asked("many", "multiple", boxes("many"))}${asked("order", "order", select("order", "x") + select("order", "y"))}${
      asked("word", "text", text("word"))}${asked("other", "text", text("other"))}</form>`;
    return document.querySelector("form") as HTMLFormElement;
  };
  const wired = async () => {
    vi.resetModules();
    await import("../../frontend/quiz/attempt");
  };
  const names = (form: HTMLFormElement) => {
    const formData = new FormData(form);
    form.dispatchEvent(Object.assign(new Event("formdata"), { formData }));
    return [...new Set(formData.keys())];
  };
  const write = (form: HTMLFormElement, name: string, value: string) => {
    const field = form.querySelector<HTMLInputElement>(`[name="${name}"]`) as HTMLInputElement;
    field.value = value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };

  beforeEach(() => {
    answers.length = 0;
    status = 200;
    vi.useFakeTimers();
    vi.stubGlobal("fetch", async (_address: string, options: { body: string }) => {
      answers.push(JSON.parse(options.body).answers);
      return new Response("{}", { status, headers: { "Content-Type": "application/json" } });
    });
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it("names no question that was not changed in its tab", async () => {
    const form = served();
    expect(names(form)).toEqual(["token", "q-many", "q-order-x", "q-order-y", "q-word", "q-other"]);
    await wired();
    expect(names(form)).toEqual(["token"]);
  });

  it("names what was changed until that is saved, also what was emptied", async () => {
    const form = served();
    await wired();
    write(form, "q-word", "slip");
    (form.querySelector("[type=checkbox]") as HTMLElement).dispatchEvent(new Event("change", { bubbles: true }));
    expect(names(form)).toEqual(["token", "q-many", "q-word"]);
    await vi.advanceTimersByTimeAsync(1000);
    expect(answers).toEqual([{ word: "slip", many: null }]);
    expect(names(form)).toEqual(["token"]);
    status = 503;
    write(form, "q-other", "glaze");
    await vi.advanceTimersByTimeAsync(1000);
    expect(answers.at(-1)).toEqual({ other: "glaze" });
    expect(names(form)).toEqual(["token", "q-other"]);
  });

  it("names and saves what was answered before the script came", async () => {
    const form = served();
    (form.querySelector("[name=q-word]") as HTMLInputElement).value = "slip";
    (form.querySelector("[name=q-order-y]") as HTMLSelectElement).value = "1";
    (form.querySelector("[value=b]") as HTMLInputElement).checked = true;
    await wired();
    expect(names(form)).toEqual(["token", "q-many", "q-order-x", "q-order-y", "q-word"]);
    await vi.advanceTimersByTimeAsync(1000);
    expect(answers).toEqual([{ many: ["b"], order: null, word: "slip" }]);
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
