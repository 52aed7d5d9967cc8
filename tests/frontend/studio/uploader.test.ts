import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { Uploader } from "../../../frontend/studio/upload/uploader";

const film = (name: string) => new File(["\0\0\0\x18ftypisom"], name, { lastModified: 1 });

beforeEach(() => {
  localStorage.clear();
  // The lists of what is open answer; every upload that is begun stays on its way.
  const told = (address: string) => JSON.stringify(address.includes("known/") ? [] : { results: [] });
  vi.stubGlobal("fetch", (address: string, asked?: RequestInit) =>
    asked?.method === "POST" ? new Promise(() => {}) : Promise.resolve(new Response(told(address))));
  document.body.innerHTML = `<div data-uploader data-multiple data-max-bytes="1000" data-suffixes="mp4" data-uploads="/api/v1/uploads/"
    data-say-waiting="Waiting for its turn" data-say-paused="Paused"><input type="file" multiple><div data-drop></div><div data-rows></div>
    <template data-row><div><span data-part="name"></span><button data-act="pause"></button><button data-act="resume" hidden></button>
    <button data-act="cancel"></button><progress></progress><span data-part="facts"></span><p data-part="error" hidden></p></div></template></div>`;
});
afterEach(() => vi.unstubAllGlobals());

test("a third film that is gone on with waits for its turn and says so", async () => {
  const box = document.querySelector<HTMLElement>("[data-uploader]") as HTMLElement;
  new Uploader(box);
  const input = box.querySelector("input") as HTMLInputElement;
  Object.defineProperty(input, "files", { value: ["a.mp4", "b.mp4", "c.mp4"].map(film) });
  input.dispatchEvent(new Event("change"));
  const rows = () => [...box.querySelectorAll<HTMLElement>("[data-rows] > div")];
  await vi.waitFor(() => expect(rows().map((row) => row.dataset["state"])).toEqual(["sending", "sending", "waiting"]));
  const third = rows()[2] as HTMLElement;
  const button = (act: string) => third.querySelector<HTMLButtonElement>(`[data-act=${act}]`) as HTMLButtonElement;
  button("pause").click();
  expect([third.dataset["state"], button("resume").hidden]).toEqual(["paused", false]);
  button("resume").click();
  expect([third.dataset["state"], button("resume").hidden, button("pause").hidden]).toEqual(["waiting", true, false]);
  expect(third.textContent).toContain("Waiting for its turn");
});
