import { beforeEach, describe, expect, it } from "vitest";
import { Backup } from "../../../frontend/studio/autosave/backup";
import { collect, fill, sameValues } from "../../../frontend/studio/autosave/fields";
import { wire } from "../../../frontend/studio/list-input";

function page(): HTMLFormElement {
  document.body.innerHTML = `
    <form>
      <input type="hidden" name="csrfmiddlewaretoken" value="secret"><input type="hidden" name="revision" value="3">
      <input name="title" value="Knots"><textarea name="description">Rope</textarea>
      <input type="checkbox" name="is_preview"><select name="category" data-empty="null"><option value=""></option><option value="7">7</option></select>
      <div data-list="outcomes"><ul data-list-rows>
        <li data-list-row><input name="outcomes" value="Tie"><button type="button" data-list-remove></button></li>
        <li data-list-row><input name="outcomes" value="  "></li></ul>
        <template><li data-list-row><input name="outcomes"></li></template>
        <button type="button" data-list-add></button></div>
    </form>`;
  return document.querySelector("form") as HTMLFormElement;
}

let form: HTMLFormElement;
beforeEach(() => { form = page(); });

describe("a form's fields", () => {
  it("become what the API takes, without blank lines and without the token", () => {
    expect(collect(form)).toEqual({
      title: "Knots", description: "Rope", is_preview: false, category: null, outcomes: ["Tie"],
    });
  });

  it("come back from the browser's backup, lists included", () => {
    const list = form.querySelector<HTMLElement>("[data-list]") as HTMLElement;
    wire(list);
    fill(form, { title: "Bends", is_preview: true, category: "7", outcomes: ["One", "Two"] });
    expect(collect(form)).toMatchObject({ title: "Bends", is_preview: true, category: "7", outcomes: ["One", "Two"] });
  });

  it("are the same when only line ends differ", () => {
    expect(sameValues({ text: "a\r\nb" }, { text: "a\nb" })).toBe(true);
    expect(sameValues({ text: "a" }, { text: "b" })).toBe(false);
  });
});

describe("a list of lines", () => {
  it("opens a line at Enter, but not at the Enter that ends composing", () => {
    const list = form.querySelector<HTMLElement>("[data-list]") as HTMLElement;
    wire(list);
    const before = list.querySelectorAll("[data-list-row]").length;
    for (const [keyCode, rows] of [[229, before], [13, before + 1]] as const) {
      const event = new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true });
      Object.defineProperty(event, "keyCode", { value: keyCode });
      list.querySelector("input")!.dispatchEvent(event);
      expect(list.querySelectorAll("[data-list-row]")).toHaveLength(rows);
    }
  });

  it("adds a row, and keeps one row when the last is removed", () => {
    const list = form.querySelector<HTMLElement>("[data-list]") as HTMLElement;
    wire(list);
    list.querySelector<HTMLButtonElement>("[data-list-add]")?.click();
    expect(list.querySelectorAll("[data-list-row]")).toHaveLength(2);
    list.querySelector<HTMLButtonElement>("[data-list-remove]")?.click();
    expect(list.querySelectorAll("[data-list-row]")).toHaveLength(1);
  });
});

describe("the browser's backup", () => {
  it("gives back what was written and survives rubbish", () => {
    const backup = new Backup(window.localStorage, "k", () => 5);
    backup.write({ title: "x" }, 2);
    expect(backup.read()).toEqual({ values: { title: "x" }, revision: 2, at: 5 });
    window.localStorage.setItem("k", "{");
    expect(backup.read()).toBeNull();
    backup.clear();
    expect(window.localStorage.getItem("k")).toBeNull();
  });
});

describe("rows of several parts", () => {
  const rows = `<form><div data-rows="options"><ul>
    <li data-row><input data-part="id" name="options-0-id" value="a1"><input data-part="text" name="options-0-text" value="Kiln"><input type="checkbox" data-part="is_right" name="options-0-is_right" checked></li>
    <li data-row><input data-part="id" name="options-1-id" value=""><input data-part="text" name="options-1-text" value=""><input type="checkbox" data-part="is_right" name="options-1-is_right"></li></ul></div></form>`;
  const kept = [{ id: "a1", text: "Kiln", is_right: true }, { id: "", text: "", is_right: false }];

  it("become a list of objects, and no fields of their own", () => {
    document.body.innerHTML = rows;
    expect(collect(document.querySelector("form") as HTMLFormElement)).toEqual({ options: kept });
  });

  it("are filled again from what was kept", () => {
    document.body.innerHTML = rows;
    const place = document.querySelector("form") as HTMLFormElement;
    fill(place, { options: [kept[1], kept[0]] });
    expect(collect(place)).toEqual({ options: [kept[1], kept[0]] });
  });
});
