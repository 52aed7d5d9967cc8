// Wires the page on which a clip is cut: two ends on a bar of pictures, a frame over the film, keys, and the result.
import { belongsTo } from "../../player/shortcuts";
import { type Picture, read } from "../../player/storyboard";
import { filled } from "../../player/time";
import { type Shape, centerFor, fitted, moment, secondsOf, windowOf } from "./framing";
import { Preview } from "./preview";

const LEAST_S = 15;
const MOST_S = 90;
const PICTURES = 24;

export class Cutter {
  readonly #video: HTMLVideoElement | null;
  readonly #form: HTMLFormElement | null;
  readonly #frame = document.createElement("div");
  #preview: Preview | undefined;
  #stopsAt: number | undefined;

  constructor(private readonly root: HTMLElement) {
    this.#video = root.querySelector("video");
    this.#form = root.querySelector("form#cut");
  }

  start(): void {
    const { root } = this;
    const video = this.#video;
    const canvas = root.querySelector("canvas");
    if (!video || !this.#form || !canvas) return;
    this.#preview = new Preview(canvas, video);
    for (const name of ["tools", "preview"]) this.#part(name).hidden = false;
    this.#frame.className = "cutter__frame";
    root.querySelector("lesson-player")?.append(this.#frame);
    this.#wireEnds(video);
    this.#wireFrame(video);
    this.#wireKeys(video);
    for (const field of this.#form.querySelectorAll("input")) field.addEventListener("input", () => this.#show());
    for (const name of ["start", "end"]) this.#field(name).addEventListener("change", () => this.#typed(name));
    new ResizeObserver(() => this.#show()).observe(video);
    void this.#drawStrip();
    this.#typed("end");
    this.#typed("start");
    const redraw = () => {
      this.#follow(video);
      requestAnimationFrame(redraw);
    };
    requestAnimationFrame(redraw);
  }

  get #length(): number {
    return Number(this.root.dataset["length"]);
  }

  get #shape(): Shape {
    return this.#chosen("shape") === "horizontal" ? "horizontal" : "vertical";
  }

  get #center(): number {
    return Number(this.#field("center").value);
  }

  #wireEnds(video: HTMLVideoElement): void {
    for (const name of ["start", "end"] as const) {
      const range = this.#part<HTMLInputElement>(name);
      range.addEventListener("input", () => {
        this.#set(name, Number(range.value));
        video.currentTime = Number(range.value);
      });
    }
    const acts = { start: () => this.#here("start", video), end: () => this.#here("end", video), play: () => this.#playStretch(video) };
    for (const [act, run] of Object.entries(acts)) {
      this.root.querySelector(`[data-act="${act}"]`)?.addEventListener("click", run);
    }
  }

  #here(name: "start" | "end", video: HTMLVideoElement): void {
    this.#set(name, video.currentTime);
  }

  /** Sets one end; the other gives way, so that the stretch stays one that can be cut. */
  #set(name: "start" | "end", to: number): void {
    const length = this.#length;
    let [start, end] = [this.#at("start"), this.#at("end")];
    if (name === "start") {
      start = Math.min(Math.max(0, to), Math.max(0, length - LEAST_S));
      end = Math.min(length, Math.min(Math.max(end, start + LEAST_S), start + MOST_S));
    } else {
      end = Math.max(Math.min(length, to), Math.min(length, LEAST_S));
      start = Math.max(0, Math.max(Math.min(start, end - LEAST_S), end - MOST_S));
    }
    // Down to the tenth: rounded up, an end could lie behind the film's.
    this.#field("start").value = moment(Math.floor(start * 10) / 10);
    this.#field("end").value = moment(Math.floor(end * 10) / 10);
    this.#show();
  }

  /** What was typed counts as it is, also when it cannot be cut: the words below say why. */
  #typed(name: string): void {
    const at = secondsOf(this.#field(name).value);
    if (at !== null) this.#field(name).value = moment(at);
    this.#show();
  }

  #at(name: string): number {
    return secondsOf(this.#field(name).value) ?? 0;
  }

  #playStretch(video: HTMLVideoElement): void {
    if (!video.paused && this.#stopsAt !== undefined) {
      video.pause();
      return;
    }
    this.#stopsAt = this.#at("end");
    video.currentTime = this.#at("start");
    void video.play();
  }

  #wireFrame(video: HTMLVideoElement): void {
    const frame = this.#frame;
    let from: { x: number; y: number; box: DOMRect } | undefined;
    let moved = false;
    frame.addEventListener("pointerdown", (event) => {
      from = { x: event.clientX, y: event.clientY, box: frame.getBoundingClientRect() };
      moved = false;
      frame.setPointerCapture(event.pointerId);
      event.preventDefault();
    });
    frame.addEventListener("pointermove", (event) => {
      if (!from) return;
      const [dx, dy] = [event.clientX - from.x, event.clientY - from.y];
      moved ||= Math.hypot(dx, dy) > 4;
      const film = this.#filmBox(video);
      const room = video.getBoundingClientRect();
      const [left, top] = [from.box.x - room.x - film.x + dx, from.box.y - room.y - film.y + dy];
      const isAcross = from.box.width < film.width - 1;
      const center = isAcross ? centerFor(left, from.box.width, film.width) : centerFor(top, from.box.height, film.height);
      if (moved) this.#field("center").value = String(center);
      this.#show();
    });
    frame.addEventListener("pointerup", () => {
      from = undefined;
      if (!moved) void (video.paused ? video.play() : video.pause());
    });
  }

  #wireKeys(video: HTMLVideoElement): void {
    const acts: Record<string, () => void> = {
      BracketLeft: () => this.#here("start", video),
      BracketRight: () => this.#here("end", video),
      KeyP: () => this.#playStretch(video),
    };
    document.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || belongsTo(event.target, event.code)) return;
      const act = acts[event.code];
      if (!act) return;
      event.preventDefault();
      act();
    });
  }

  /** All that depends on the fields. */
  #show(): void {
    const [start, end, length] = [this.#at("start"), this.#at("end"), this.#length];
    for (const [name, at] of [["start", start], ["end", end]] as const) {
      const range = this.#part<HTMLInputElement>(name);
      range.value = String(at);
      range.setAttribute("aria-valuetext", moment(at));
    }
    const span = this.#part("span");
    span.style.insetInlineStart = `${(start / length) * 100}%`;
    span.style.inlineSize = `${Math.max(0, (end - start) / length) * 100}%`;
    const said = this.#part("said");
    const seconds = Math.round((end - start) * 10) / 10;
    const says = seconds < LEAST_S ? "saysShort" : seconds > MOST_S ? "saysLong" : "says";
    said.textContent = filled(this.root.dataset[says] ?? "", { length: String(seconds) });
    said.toggleAttribute("data-wrong", says !== "says");
    this.#part("preview").dataset["shape"] = this.#shape;
    this.#showFrame();
  }

  #showFrame(): void {
    const video = this.#video;
    if (!video) return;
    const film = this.#filmBox(video);
    const kept = windowOf(film.width, film.height, this.#shape, this.#center);
    const isWhole = kept.width > film.width - 2 && kept.height > film.height - 2;
    const cuts = this.#chosen("fit") === "crop" && !isWhole;
    this.#frame.hidden = !cuts;
    const middle = this.#field("center").closest<HTMLElement>(".field");
    if (middle) middle.hidden = !cuts;
    const places = { left: film.x + kept.x, top: film.y + kept.y, width: kept.width, height: kept.height };
    for (const [name, value] of Object.entries(places)) this.#frame.style.setProperty(name, `${value}px`);
  }

  /** Where the picture lies in the player, which may be wider or higher than it. */
  #filmBox(video: HTMLVideoElement) {
    const width = video.videoWidth || Number(this.root.dataset["width"]);
    const height = video.videoHeight || Number(this.root.dataset["height"]);
    return fitted(width, height, { width: video.clientWidth, height: video.clientHeight });
  }

  #follow(video: HTMLVideoElement): void {
    this.#part("now").style.insetInlineStart = `${(video.currentTime / this.#length) * 100}%`;
    if (this.#stopsAt !== undefined && video.currentTime >= this.#stopsAt) {
      this.#stopsAt = undefined;
      video.pause();
    }
    this.#preview?.draw(this.#shape, this.#chosen("fit"), this.#center);
  }

  async #drawStrip(): Promise<void> {
    const address = this.root.querySelector<HTMLElement>("lesson-player")?.dataset["storyboard"];
    const answer = address ? await fetch(address).catch(() => null) : null;
    if (!address || !answer?.ok) return;
    const pictures = read(await answer.text());
    const strip = this.#part("strip");
    for (let at = 0; at < Math.min(PICTURES, pictures.length); at += 1) {
      const picture = pictures[Math.floor((at / Math.min(PICTURES, pictures.length)) * pictures.length)];
      if (picture) strip.append(this.#pictureOf(picture, new URL(address, location.href)));
    }
  }

  #pictureOf(picture: Picture, base: URL): HTMLElement {
    const place = document.createElement("span");
    place.style.setProperty("background-image", `url("${new URL(picture.sheet, base).href}")`);
    place.style.setProperty("background-position", `-${picture.x + picture.width / 4}px -${picture.y + picture.height / 6}px`);
    return place;
  }

  #chosen(name: string): string {
    return this.#form?.querySelector<HTMLInputElement>(`[name="${name}"]:checked`)?.value ?? "";
  }

  #field(name: string): HTMLInputElement {
    return this.#form?.querySelector(`[name="${name}"]`) as HTMLInputElement;
  }

  #part<T extends HTMLElement>(name: string): T {
    return this.root.querySelector(`[data-part="${name}"]:not(lesson-player *)`) as T;
  }
}
