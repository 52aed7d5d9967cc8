import { beforeEach, describe, expect, it, vi } from "vitest";

import { applyTheme } from "../../frontend/app/theme";

describe("the theme switch", () => {
  beforeEach(() => {
    document.head.innerHTML = '<meta name="color-scheme" content="light dark">';
    document.body.innerHTML = `
      <form data-theme-switch action="/account/theme/" method="post">
        <button name="theme" value="system" aria-pressed="true"></button>
        <button name="theme" value="dark" aria-pressed="false"></button>
      </form>`;
    delete document.documentElement.dataset["theme"];
  });

  it("shows the press at once, then turns the page and tells the server", async () => {
    const sent = vi.fn(() => Promise.resolve(new Response()));
    vi.stubGlobal("fetch", sent);
    const form = document.querySelector("form")!;
    const dark = form.querySelectorAll("button")[1]!;

    form.dispatchEvent(new SubmitEvent("submit", { bubbles: true, cancelable: true, submitter: dark }));

    expect(dark.getAttribute("aria-pressed")).toBe("true");
    expect(document.documentElement.dataset["theme"]).toBeUndefined();
    await vi.waitFor(() => expect(document.documentElement.dataset["theme"]).toBe("dark"));
    expect(sent).toHaveBeenCalledOnce();
  });

  it("follows the system again when no theme is chosen", () => {
    applyTheme("dark");
    applyTheme("system");
    expect(document.documentElement.dataset["theme"]).toBeUndefined();
    expect(document.querySelector("meta")!.content).toBe("light dark");
  });
});
