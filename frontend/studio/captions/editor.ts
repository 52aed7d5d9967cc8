// The rows of templates/videos/edit_caption.html: built from the text that the form sends, written back before it is sent.
import { filled } from "../../player/time";
import { type Cue, hints, lostBy, merge, msOf, read, shift, shown, split } from "./cues";

export class CaptionEditor {
  private readonly source: HTMLTextAreaElement;
  private readonly rows: HTMLElement;
  private readonly video: HTMLVideoElement | null;

  constructor(private readonly form: HTMLFormElement) {
    this.source = form.querySelector("textarea[name=cues]") as HTMLTextAreaElement;
    this.rows = this.part("rows");
    this.video = document.querySelector("lesson-player video");
  }

  start(): void {
    const cues = read(this.source.value);
    if (!cues) return; // What cannot be read as cues is mended in the text itself.
    this.draw(cues);
    this.part("plain").hidden = true;
    this.rows.hidden = false;
    for (const button of this.form.querySelectorAll<HTMLElement>("[data-act=shift]")) button.hidden = false;
    this.form.addEventListener("click", (event) => this.clicked(event));
    this.rows.addEventListener("input", () => this.judge());
    this.form.addEventListener("submit", () => this.write());
    this.video?.addEventListener("timeupdate", () => this.follow());
    let isChanged = this.form.hasAttribute("data-unsaved");
    this.rows.addEventListener("input", () => (isChanged = true));
    this.form.addEventListener("submit", () => (isChanged = false));
    window.addEventListener("beforeunload", (event) => isChanged && event.preventDefault());
  }

  private draw(cues: Cue[]): void {
    this.rows.replaceChildren(...cues.map((cue) => this.row(cue)));
    this.judge();
  }

  private row(cue: Cue): HTMLElement {
    const template = this.form.querySelector("template[data-part=row]") as HTMLTemplateElement;
    const row = template.content.firstElementChild?.cloneNode(true) as HTMLElement;
    this.input(row, "start").value = shown(cue.start);
    this.input(row, "end").value = shown(cue.end);
    this.input(row, "text").value = cue.text;
    return row;
  }

  private clicked(event: Event): void {
    const button = (event.target as Element).closest<HTMLElement>("[data-act]");
    const act = button?.dataset["act"];
    if (!button || !act) return;
    if (act === "shift") return this.shiftAll();
    const row = button.closest<HTMLElement>("li");
    if (row) this.act(act, row);
  }

  private act(act: string, row: HTMLElement): void {
    const cue = this.cueOf(row);
    const next = row.nextElementSibling as HTMLElement | null;
    const nextCue = next && this.cueOf(next);
    // Without times a cue can be given a beginning, followed by another, and removed; all else needs them.
    if (!cue && !["begin", "add", "remove"].includes(act)) return this.toMend(row);
    if (act === "merge" && next && !nextCue) return this.toMend(next);
    const put = (...cues: Cue[]) => row.replaceWith(...cues.map((one) => this.row(one)));
    const at = [...this.rows.children].indexOf(row);
    if (act === "play" && cue) return void this.play(cue);
    if (act === "begin" && this.video) this.input(row, "start").value = shown(this.video.currentTime * 1000);
    if (act === "split" && cue) put(...split(cue, (this.input(row, "text") as HTMLTextAreaElement).selectionStart ?? 0));
    if (act === "merge" && cue && next && nextCue) {
      next.remove();
      put(merge(cue, nextCue));
    }
    const end = cue?.end ?? Math.round((this.video?.currentTime ?? 0) * 1000);
    if (act === "add") row.after(this.row({ start: end, end: end + 2000, text: "" }));
    if (act === "remove" && this.rows.children.length > 1) row.remove();
    this.rows.dispatchEvent(new Event("input"));
    const target = this.rows.children[Math.min(act === "add" ? at + 1 : at, this.rows.children.length - 1)];
    (target as HTMLElement | undefined)?.querySelector<HTMLElement>("[data-part=text]")?.focus();
  }

  private async play(cue: Cue): Promise<void> {
    const video = this.video;
    if (!video) return;
    // Until the player has opened the film, the element has no source that every browser can play, and nowhere to go.
    const player = video.closest("lesson-player") as (HTMLElement & { play?: () => Promise<void> }) | null;
    await player?.play?.();
    video.currentTime = cue.start / 1000;
    const stop = () => {
      if (video.currentTime * 1000 < cue.end) return;
      video.pause();
      video.removeEventListener("timeupdate", stop);
    };
    video.addEventListener("timeupdate", stop);
  }

  private shiftAll(): void {
    const field = this.form.querySelector("input[name=shift]") as HTMLInputElement;
    const seconds = Number(field.value.replace(",", "."));
    if (!field.value.trim() || !Number.isFinite(seconds)) return field.focus();
    const by = Math.round(seconds * 1000);
    const cues: Cue[] = [];
    for (const row of this.all) {
      const cue = this.cueOf(row);
      if (!cue) return this.toMend(row, this.say("unshifted"));
      cues.push(cue);
    }
    const lost = lostBy(cues, by);
    if (lost) return this.tell(this.say("lost", { n: lost }));
    this.draw(shift(cues, by));
    this.rows.dispatchEvent(new Event("input"));
    field.value = "";
  }

  /** To the times of a cue that cannot be read. */
  private toMend(row: HTMLElement, why = this.say("time")): void {
    this.tell(why);
    const start = this.input(row, "start");
    (msOf(start.value) === null ? start : this.input(row, "end")).focus();
  }

  private tell(sentence: string): void {
    this.part("count").textContent = sentence;
  }

  private cueOf(row: HTMLElement): Cue | null {
    const [start, end] = [msOf(this.input(row, "start").value), msOf(this.input(row, "end").value)];
    return start === null || end === null ? null : { start, end, text: this.input(row, "text").value };
  }

  /** A hint below each cue that is hard to read or cannot be saved, and how many there are. */
  private judge(): void {
    const limits = { fast: Number(this.form.dataset["fast"]), long: Number(this.form.dataset["long"]) };
    const cues = this.all.map((row) => this.cueOf(row));
    let hard = 0;
    this.all.forEach((row, at) => {
      const cue = cues[at];
      const isWrong = !cue || cue.end <= cue.start;
      const found = isWrong ? [] : hints(cue, cues[at + 1] ?? undefined, limits);
      const sentences = isWrong ? [this.say("time")] : found.map((hint) => this.say(hint.kind, hint));
      const place = row.querySelector<HTMLElement>("[data-part=hint]") as HTMLElement;
      place.textContent = sentences.join(" ");
      place.hidden = !sentences.length;
      row.toggleAttribute("data-wrong", isWrong);
      if (sentences.length) hard += 1;
    });
    this.tell(this.say("count", { n: cues.length, hard }));
  }

  private say(name: string, facts: object = {}): string {
    const sentence = this.form.getAttribute(`data-says-${name}`) ?? "";
    const values = { most: this.form.dataset["long"] ?? "", ...facts };
    return filled(sentence, Object.fromEntries(Object.entries(values).map(([key, value]) => [key, String(value)])));
  }

  private follow(): void {
    const now = (this.video?.currentTime ?? 0) * 1000;
    for (const row of this.all) {
      const cue = this.cueOf(row);
      row.toggleAttribute("data-now", cue !== null && cue.start <= now && now < cue.end);
    }
  }

  private write(): void {
    const blocks = this.all.map((row) => {
      const [start, end, text] = (["start", "end", "text"] as const).map((name) => this.input(row, name).value.trim());
      return `${start} --> ${end}\n${text?.replace(/\n\s*\n/g, "\n")}`;
    });
    this.source.value = blocks.join("\n\n");
  }

  private get all(): HTMLElement[] {
    return [...this.rows.children] as HTMLElement[];
  }

  private input(row: HTMLElement, name: string): HTMLInputElement | HTMLTextAreaElement {
    return row.querySelector(`[data-part=${name}]`) as HTMLInputElement;
  }

  private part(name: string): HTMLElement {
    return this.form.querySelector(`[data-part=${name}]`) as HTMLElement;
  }
}
