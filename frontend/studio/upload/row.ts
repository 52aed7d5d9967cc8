// One row of the uploader: what is shown of a file on its way, and its buttons.
import { watchFilm } from "../live-status";
import type { Shown } from "./sender";
import { bytes, percent, say, span } from "./words";

export interface RowActs {
  pause: () => void;
  resume: () => void;
  cancel: () => void;
  use: () => void;
  again: () => void;
}

export class Row {
  readonly element: HTMLElement;
  private watched = false;

  constructor(private readonly box: HTMLElement, name: string, acts: RowActs) {
    const template = box.querySelector<HTMLTemplateElement>("template[data-row]");
    this.element = template?.content.firstElementChild?.cloneNode(true) as HTMLElement;
    this.part("name").textContent = name;
    this.bar.setAttribute("aria-label", name);
    const wire = (act: keyof RowActs) =>
      this.element.querySelector(`[data-act="${act}"]`)?.addEventListener("click", acts[act]);
    (["pause", "resume", "cancel", "use", "again"] as const).forEach(wire);
    box.querySelector("[data-rows]")?.append(this.element);
  }

  show(shown: Shown): void {
    this.element.dataset.state = shown.state;
    this.bar.hidden = ["done", "known", "used"].includes(shown.state);
    this.bar.value = Math.floor((shown.sent * 100) / Math.max(1, shown.size));
    this.part("facts").replaceChildren(...this.facts(shown).map(fact));
    this.showError(shown.state === "failed" ? shown.detail || say(this.box, "failed") : "");
    const can = {
      pause: ["sending", "offline", "waiting"].includes(shown.state),
      resume: ["paused", "stalled", "failed"].includes(shown.state),
      cancel: !["done", "used", "finishing", "cancelled"].includes(shown.state),
      use: shown.state === "known",
      again: shown.state === "known",
    };
    // What appears first, so that it can take the focus over from what goes.
    const order = Object.entries(can).sort(([, a], [, b]) => Number(b) - Number(a));
    for (const [act, yes] of order) this.showButton(act, yes);
    if (shown.state === "cancelled") this.element.remove();
    if (["done", "used"].includes(shown.state) && shown.video) this.watch(shown.video.id);
  }

  refuse(sentence: string): void {
    this.element.dataset.state = "failed";
    this.bar.hidden = true;
    this.showError(sentence);
    this.showButton("pause", false);
    this.showButton("resume", false);
  }

  private facts(shown: Shown): string[] {
    if (shown.state === "known") return [say(this.box, "known", { name: shown.video?.name ?? "" })];
    if (shown.state === "used") return [say(this.box, "used")];
    const share = percent(shown.sent / Math.max(1, shown.size));
    const amount = say(this.box, "amount", { sent: bytes(shown.sent), size: bytes(shown.size) });
    if (shown.state !== "sending") return [share, amount, say(this.box, shown.state)].filter(Boolean);
    const facts = [share, amount];
    if (shown.speed > 0) facts.push(say(this.box, "speed", { speed: bytes(shown.speed) }));
    if (shown.secondsLeft !== null) facts.push(say(this.box, "left", { time: span(shown.secondsLeft) }));
    if (shown.isResumed) facts.push(say(this.box, "resumed"));
    return facts;
  }

  private watch(videoId: string): void {
    if (this.watched) return;
    this.watched = true;
    const status = this.element.querySelector<HTMLElement>("[data-film-status]");
    if (!status) return;
    status.hidden = false;
    status.dataset.filmStatus = (status.dataset.filmStatus ?? "").replace("00000000-0000-0000-0000-000000000000", videoId);
    watchFilm(status);
  }

  private showError(sentence: string): void {
    const place = this.part("error");
    place.textContent = sentence;
    place.hidden = !sentence;
  }

  private showButton(act: string, yes: boolean): void {
    const button = this.element.querySelector<HTMLButtonElement>(`[data-act="${act}"]`);
    if (!button || button.hidden !== yes) return;
    const had = document.activeElement === button;
    button.hidden = !yes;
    if (had && !yes) this.element.querySelector<HTMLButtonElement>("[data-act]:not([hidden])")?.focus();
  }

  private part(name: string): HTMLElement {
    return this.element.querySelector<HTMLElement>(`[data-part="${name}"]`) as HTMLElement;
  }

  private get bar(): HTMLProgressElement {
    return this.element.querySelector("progress") as HTMLProgressElement;
  }
}

function fact(words: string): HTMLElement {
  const element = document.createElement("span");
  element.textContent = words;
  return element;
}
