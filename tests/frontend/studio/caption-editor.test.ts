import { beforeEach, describe, expect, it, vi } from "vitest";

import { CaptionEditor } from "../../../frontend/studio/captions/editor";

const ROW = `<li><input data-part="start"><input data-part="end"><textarea data-part="text"></textarea>
  ${["play", "begin", "split", "merge", "add", "remove"].map((act) => `<button type="button" data-act="${act}"></button>`).join("")}
  <p data-part="hint" hidden></p></li>`;

const TEXT = "0:01.000 --> 0:02.000\nOne\n\n0:03.000 --> 0:04.000\nTwo\n\n0:05.000 --> 0:06.000\nThree";

let form: HTMLFormElement;
beforeEach(() => {
  document.body.innerHTML = `<lesson-player><video></video></lesson-player>
    <form data-fast="20" data-long="42" data-says-time="Mend it." data-says-count="{n} cues" data-says-unshifted="Not shifted."
      data-says-lost="{n} would be lost."><span data-part="count"></span><input name="shift"><button type="button" data-act="shift"></button>
    <div data-part="plain"><textarea name="cues"></textarea></div><ol data-part="rows"></ol><template data-part="row">${ROW}</template></form>`;
  form = document.querySelector("form") as HTMLFormElement;
  (form.querySelector("textarea[name=cues]") as HTMLTextAreaElement).value = TEXT;
  new CaptionEditor(form).start();
});

const rows = () => [...form.querySelectorAll<HTMLElement>("[data-part=rows] > li")];
const field = (at: number, part: string) => rows()[at]?.querySelector(`[data-part=${part}]`) as HTMLInputElement;
const words = () => rows().map((_row, at) => field(at, "text").value);
const press = (act: string, at?: number) => (at === undefined ? form : rows()[at])?.querySelector<HTMLElement>(`[data-act=${act}]`)?.click();
const said = () => form.querySelector("[data-part=count]")?.textContent;
const shiftBy = (seconds: string) => {
  (form.querySelector("input[name=shift]") as HTMLInputElement).value = seconds;
  press("shift");
};

describe("the editor of cues", () => {
  it("shifts nothing while a time cannot be read, and leads to it", () => {
    field(1, "start").value = "soon";
    shiftBy("1.5");
    expect([words(), field(0, "start").value, said()]).toEqual([["One", "Two", "Three"], "0:01.000", "Not shifted."]);
    expect(document.activeElement).toBe(field(1, "start"));
    field(1, "start").value = "0:03";
    shiftBy("1.5");
    expect([0, 1, 2].map((at) => field(at, "start").value)).toEqual(["0:02.500", "0:04.500", "0:06.500"]);
  });

  it("shifts nothing where words would lie before the film", () => {
    shiftBy("-4");
    expect([words(), field(2, "start").value, said()]).toEqual([["One", "Two", "Three"], "0:05.000", "2 would be lost."]);
    shiftBy("-1.5");
    expect([0, 1, 2].map((at) => field(at, "start").value)).toEqual(["0:00.000", "0:01.500", "0:03.500"]);
  });

  it("lets a cue whose time cannot be read be set by the film's clock, followed, and removed", () => {
    for (const act of ["begin", "add", "remove"]) {
      field(0, "start").value = "soon";
      press(act, 0);
    }
    expect(words()).toEqual(["", "Two", "Three"]);
  });

  it("leads to the time that a merge lacks, and keeps both", () => {
    field(1, "end").value = "later";
    press("merge", 0);
    expect([words(), said()]).toEqual([["One", "Two", "Three"], "Mend it."]);
    expect(document.activeElement).toBe(field(1, "end"));
  });

  it("plays a cue through the player, which opens the film first, and only then goes there", async () => {
    const video = document.querySelector("video") as HTMLVideoElement;
    let open = () => {};
    const opened = new Promise<void>((resolve) => (open = resolve));
    const play = vi.fn(() => opened);
    Object.assign(document.querySelector("lesson-player") as HTMLElement, { play });
    press("play", 1);
    await Promise.resolve();
    expect([play.mock.calls.length, video.currentTime]).toEqual([1, 0]);
    open();
    await vi.waitFor(() => expect(video.currentTime).toBe(3));
  });
});
