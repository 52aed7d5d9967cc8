// Which file of a clip is fetched, and whether films may begin by themselves at all.
import { isDear } from "../player/line";
import { recall } from "../player/memory";

export interface Source {
  lines: number;
  url: string;
}

/** `360 /a,720 /b`, as the page has it. */
export function read(told: string): Source[] {
  return told
    .split(",")
    .map((one) => {
      const [lines = "", url = ""] = one.split(" ");
      return { lines: Number(lines), url };
    })
    .filter((one) => one.url !== "");
}

/** The smallest that fills so many pixels of the shorter side; the smallest of all where data is dear. */
export function pick(sources: readonly Source[], pixels: number, saves: boolean): Source | undefined {
  if (saves) return sources[0];
  return sources.find((one) => one.lines >= pixels * 0.9) ?? sources.at(-1);
}

/** Little data: the browser's own wish, a slow line, or what the learner chose for her films. */
export function savesData(): boolean {
  return isDear() || recall("kezhan.data") === "sound";
}

/** Nothing moves by itself for who asked for calm or for little data: a poster and a button stand there. */
export const mayAutoplay = (): boolean =>
  !savesData() && !window.matchMedia("(prefers-reduced-motion: reduce)").matches;
