// The notes beside a lesson: added without leaving the film, saved while one writes, each a way back to its second.
import { sendJson } from "../studio/api/send";
import { type Answer, Autosaver } from "../studio/autosave/saver";
import { forget, keep, recall } from "./memory";
import { leadTo, nameThePlace, placeOf, secondOf, wrong } from "./places";
import { clock } from "./time";

const PAUSE_MS = 700;
const NO_ANSWER = 0;

const box = document.querySelector<HTMLElement>("[data-notes]");
if (box) wire(box, document.querySelector<HTMLVideoElement>("lesson-player[data-keys=page] video"));

function wire(notes: HTMLElement, film: HTMLVideoElement | null): void {
  const part = <Part extends HTMLElement>(name: string) => notes.querySelector<Part>(`[data-part="${name}"]`);
  const form = part<HTMLFormElement>("add");
  const list = part("list");
  const blank = part<HTMLTemplateElement>("blank");
  const trouble = part("trouble");
  const text = form?.querySelector<HTMLTextAreaElement>("textarea");
  const at = form?.querySelector<HTMLInputElement>("[name=at]");
  const api = notes.dataset["api"] ?? "";
  const savers = new Set<Autosaver>();
  const draft = text ? keepDraft(notes.dataset["draft"] ?? "", text, at) : null;

  for (const note of notes.querySelectorAll<HTMLElement>("ol [data-note]")) attend(note);

  text?.addEventListener("focus", () => nameThePlace(at, film));
  form?.addEventListener("submit", (event) => {
    event.preventDefault();
    const second = secondOf(at?.value ?? "");
    if (Number.isNaN(second)) at?.focus();
    else void add(text?.value ?? "", second);
  });
  part("bookmark")?.addEventListener("click", () => void add("", Math.floor(film?.currentTime ?? 0)));

  addEventListener("online", () => savers.forEach((saver) => saver.retryNow()));
  addEventListener("beforeunload", (event) => {
    if (draft?.isAtRisk() || [...savers].some((saver) => saver.hasUnsaved)) event.preventDefault();
  });

  async function add(words: string, second: number | null): Promise<void> {
    const told = { lesson: notes.dataset["lesson"], at_s: second, text: words };
    const answer = await sendJson("POST", api, told);
    if (trouble) trouble.textContent = answer?.ok ? "" : wrong(answer?.body, notes.dataset["offline"]);
    if (!answer?.ok) return;
    if (words && text) text.value = "";
    if (words && at) at.value = "";
    if (words) draft?.done();
    insert(answer.body as { id: number; revision: number; at_s: number | null; text: string });
  }

  function insert(told: { id: number; revision: number; at_s: number | null; text: string }): void {
    const note = blank?.content.firstElementChild?.cloneNode(true) as HTMLElement | undefined;
    if (!note || !list) return;
    note.dataset["note"] = String(told.id);
    note.dataset["revision"] = String(told.revision);
    note.dataset["at"] = told.at_s === null ? "" : String(told.at_s);
    const place = note.querySelector<HTMLAnchorElement>("[data-part=place]");
    if (place) {
      place.hidden = told.at_s === null;
      place.href = `?t=${told.at_s}#panel-notes`;
      (place.querySelector("time") as HTMLElement).textContent = clock(told.at_s ?? 0);
    }
    (note.querySelector("textarea") as HTMLTextAreaElement).value = told.text;
    const after = [...list.children].find((other) => placeOf(other) > placeOf(note));
    list.insertBefore(note, after ?? null);
    attend(note);
  }

  function attend(note: HTMLElement): void {
    const words = note.querySelector<HTMLTextAreaElement>("textarea");
    const state = note.querySelector<HTMLElement>("[data-part=state]");
    const address = `${api}${note.dataset["note"]}/`;
    const kept = `note-${note.dataset["note"]}`;
    const saver = new Autosaver({
      revision: Number(note.dataset["revision"]),
      debounceMs: PAUSE_MS,
      send: async (values, revision) => answered(await sendJson("PATCH", address, { ...values, revision })),
      onState: (now, detail) => {
        if (state) state.textContent = [notes.dataset[now] ?? "", detail].filter(Boolean).join(" ");
      },
      backup: {
        write: (values, revision) => keep(kept, JSON.stringify({ text: values["text"], revision })),
        clear: () => forget(kept),
      },
    });
    savers.add(saver);
    const left = unsent(recall(kept), Number(note.dataset["revision"]));
    if (words && left !== null && left !== words.value) {
      words.value = left;
      saver.changed({ text: left });
    }
    words?.addEventListener("input", () => saver.changed({ text: words.value }));
    leadTo(note.querySelector("[data-part=place]"), film, () => placeOf(note));
    note.querySelector("form")?.addEventListener("submit", async (event) => {
      event.preventDefault();
      const answer = await sendJson("DELETE", address, {});
      if (!answer?.ok && answer?.status !== 404) {
        if (state) state.textContent = notes.dataset["failed"] ?? "";
        delete (event.target as HTMLElement).dataset["sent"];
        return;
      }
      saver.stop();
      savers.delete(saver);
      forget(kept);
      const next = (note.nextElementSibling ?? note.previousElementSibling)?.querySelector<HTMLElement>("textarea");
      note.remove();
      (next ?? text)?.focus();
    });
  }
}

/** The box of a new note: what stands in it is there again on the next page, until it has become a note. */
export function keepDraft(
  name: string,
  text: HTMLTextAreaElement,
  at: HTMLInputElement | null | undefined,
): { isAtRisk(): boolean; done(): void } {
  const left = draftOf(recall(name));
  if (left && !text.value) {
    text.value = left.text;
    if (at) at.value = left.at;
  }
  const write = () => {
    if (text.value.trim()) keep(name, JSON.stringify({ text: text.value, at: at?.value ?? "" }));
    else forget(name);
  };
  text.addEventListener("input", write);
  at?.addEventListener("input", write);
  return {
    // Where nothing can be kept, who leaves is asked.
    isAtRisk: () => text.value.trim() !== "" && draftOf(recall(name))?.text !== text.value,
    done: () => forget(name),
  };
}

function draftOf(kept: string | null): { text: string; at: string } | null {
  if (!kept) return null;
  try {
    const told = JSON.parse(kept) as { text?: unknown; at?: unknown } | null;
    return typeof told?.text === "string" && typeof told.at === "string" ? { text: told.text, at: told.at } : null;
  } catch {
    return null;
  }
}

/** Words that this browser kept because they could not be sent, unless the note was changed elsewhere since. */
export function unsent(kept: string | null, revision: number): string | null {
  if (!kept) return null;
  try {
    const told = JSON.parse(kept) as { text?: unknown; revision?: unknown };
    return told.revision === revision && typeof told.text === "string" ? told.text : null;
  } catch {
    return null;
  }
}

function answered(sent: Awaited<ReturnType<typeof sendJson>>): Answer {
  if (sent === null || sent.status === NO_ANSWER || sent.status >= 500) return { kind: "offline" };
  if (sent.ok) return { kind: "saved", revision: Number(sent.body["revision"]) };
  const detail = String(sent.body["detail"] ?? "");
  if (sent.body["code"] === "note_changed_elsewhere") return { kind: "conflict", detail: "" };
  return { kind: sent.status === 400 ? "invalid" : "refused", detail };
}
