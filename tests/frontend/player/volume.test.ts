import { beforeEach, expect, test } from "vitest";
import { Volume } from "../../../frontend/player/volume";

function film() {
  const video = document.createElement("video");
  const range = Object.assign(document.createElement("input"), { type: "range" });
  const button = document.createElement("button");
  const volume = new Volume(video, range, button);
  volume.start();
  const heard = () => {
    video.dispatchEvent(new Event("volumechange"));
    return [Math.round(video.volume * 100), video.muted, range.value, button.getAttribute("aria-pressed")];
  };
  return { volume, heard };
}

beforeEach(() => localStorage.clear());

test("the next film is as loud, and as silent", () => {
  const one = film();
  one.volume.set(0.3);
  expect(one.heard()).toEqual([30, false, "30", "false"]);
  expect(film().heard()).toEqual([30, false, "30", "false"]);
  one.volume.toggle();
  one.heard();
  expect(film().heard()).toEqual([30, true, "0", "true"]);
});

test("a sound pulled down to nothing comes back by its button", () => {
  const { volume, heard } = film();
  volume.set(0);
  heard();
  volume.toggle();
  expect(heard()).toEqual([50, false, "50", "false"]);
});

test("what storage holds by mistake changes nothing", () => {
  for (const nonsense of ["", "loud", "-5", "900 muted"]) {
    localStorage.setItem("kezhan.volume", nonsense);
    expect(film().heard()[0]).toBe(100);
  }
});
