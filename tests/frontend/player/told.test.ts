import { beforeEach, expect, test } from "vitest";
import { offerKeys, reach } from "../../../frontend/player/shortcuts";
import { Told } from "../../../frontend/player/told";

const SENTENCES = {
  speed: "Speed {speed}×", volume: "Volume {percent}", silent: "Sound off", captions: "Captions: {language}",
  noCaptions: "Captions off", captionsMissing: "No captions", loopFrom: "From {from}", loop: "{from} – {to}", loopOff: "Off",
  theatre: "Theatre on", noTheatre: "Theatre off",
};

function player() {
  const place = document.createElement("p");
  Object.assign(place.dataset, SENTENCES);
  const video = document.createElement("video");
  const tracks: { mode: string; label: string }[] = [];
  Object.defineProperty(video, "textTracks", { value: tracks });
  const film = { span: [] as number[], isTheatre: false };
  const told = new Told(place, video, film, () => film.isTheatre);
  const said = (act: Parameters<Told["tell"]>[0]) => {
    told.tell(act);
    return place.textContent;
  };
  return { video, tracks, film, said };
}

beforeEach(() => localStorage.clear());

test("a key says what the film does now", () => {
  const { video, tracks, film, said } = player();
  video.playbackRate = 1.5;
  expect(said("faster")).toBe("Speed 1.5×");
  video.volume = 0.9;
  expect(said("softer")).toBe("Volume 90%");
  video.muted = true;
  expect(said("mute")).toBe("Sound off");
  expect(said("captions")).toBe("No captions");
  tracks.push({ mode: "disabled", label: "中文" });
  expect(said("captions")).toBe("Captions off");
  tracks.push({ mode: "showing", label: "English" });
  expect(said("captions")).toBe("Captions: English");
  expect(said("loop")).toBe("Off");
  film.span = [12];
  expect(said("loop")).toBe("From 0:12");
  film.span = [12, 75];
  expect(said("loop")).toBe("0:12 – 1:15");
  expect(said("theatre")).toBe("Theatre off");
  film.isTheatre = true;
  expect(said("theatre")).toBe("Theatre on");
});

test("what is heard or seen by itself leaves the last words alone", () => {
  const { said } = player();
  said("faster");
  expect(said("forward")).toBe("Speed 1×");
});

test("keys reach the player from everywhere, or from within alone where the viewer wants that", () => {
  const [film, inside] = [document.createElement("div"), document.createElement("button")];
  film.append(inside);
  const [box, next] = [1, 2].map(() => Object.assign(document.createElement("input"), { type: "checkbox" })) as [HTMLInputElement, HTMLInputElement];
  document.body.append(film, box, next);
  offerKeys(box);
  expect([box.checked, reach(film, document.body), reach(film, inside)]).toEqual([true, true, true]);
  box.click();
  expect([reach(film, document.body), reach(film, inside)]).toEqual([false, true]);
  offerKeys(next);
  expect(next.checked).toBe(false);
  next.click();
  expect(reach(film, document.body)).toBe(true);
});
