import { beforeEach, describe, expect, it } from "vitest";

import "../../frontend/app/forms";

function press(form: HTMLFormElement): boolean {
  return form.dispatchEvent(new SubmitEvent("submit", { bubbles: true, cancelable: true }));
}

describe("a form", () => {
  beforeEach(() => {
    document.body.innerHTML = `
      <form method="post" id="pay"></form><form method="get" id="search"></form>
      <input id="title" maxlength="60" data-count="title-count"><span id="title-count"></span>`;
  });

  it("that changes something is sent once", () => {
    const pay = document.querySelector<HTMLFormElement>("#pay")!;
    expect(press(pay)).toBe(true);
    expect(press(pay)).toBe(false);
  });

  it("may be sent again after the page came back", () => {
    const pay = document.querySelector<HTMLFormElement>("#pay")!;
    press(pay);
    window.dispatchEvent(new Event("pageshow"));
    expect(press(pay)).toBe(true);
  });

  it("that only asks is never held back", () => {
    const search = document.querySelector<HTMLFormElement>("#search")!;
    expect(press(search) && press(search)).toBe(true);
  });

  it("counts characters, not code units", () => {
    const title = document.querySelector<HTMLInputElement>("#title")!;
    title.value = "课栈𠮷";
    title.dispatchEvent(new Event("input", { bubbles: true }));
    expect(document.querySelector("#title-count")!.textContent).toBe("3 / 60");
  });
});
