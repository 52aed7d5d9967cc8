// Saves a draft while it is written: <form data-autosave="address" data-revision="4">. Without JavaScript the form's
// own button saves. Text that the server has not confirmed is kept in this browser until it has.
import { Autosaver, type Answer, type SaveState, type Values } from "./autosave/saver";
import { Backup } from "./autosave/backup";
import { collect, fill, sameValues } from "./autosave/fields";
import { sendJson } from "./api/send";

const DEBOUNCE_MS = 900;

function draw(form: HTMLFormElement, state: SaveState, detail: string): void {
  const place = form.querySelector<HTMLElement>("[data-save-state]");
  if (!place) return;
  place.dataset.state = state;
  for (const part of place.querySelectorAll<HTMLElement>("[data-when]")) part.hidden = part.dataset.when !== state;
  const words = place.querySelector<HTMLElement>("[data-detail]");
  if (words) words.textContent = detail;
}

async function save(form: HTMLFormElement, values: Values, revision: number): Promise<Answer> {
  const answer = await sendJson("PATCH", form.dataset.autosave ?? "", { ...values, revision });
  if (answer === null) return { kind: "offline" };
  if (answer.ok) return { kind: "saved", revision: Number(answer.body.revision ?? revision) };
  const detail = firstError(answer.body);
  if (answer.status === 409) return { kind: "conflict", detail };
  if (answer.status === 401 || answer.status === 403) return { kind: "refused", detail };
  return answer.status >= 500 ? { kind: "offline" } : { kind: "invalid", detail };
}

function firstError(body: Record<string, unknown>): string {
  const errors = body.errors as Record<string, unknown> | undefined;
  const first = errors ? Object.values(errors).flat(3)[0] : undefined;
  return String(first ?? body.detail ?? "");
}

function offerRestore(form: HTMLFormElement, backup: Backup, saver: Autosaver): void {
  const kept = backup.read();
  const box = form.querySelector<HTMLElement>("[data-restore]");
  if (!kept || !box) return;
  if (sameValues(kept.values, collect(form))) return backup.clear();
  box.hidden = false;
  box.querySelector("[data-restore-now]")?.addEventListener("click", () => {
    fill(form, kept.values);
    box.hidden = true;
    saver.changed(collect(form));
  });
  box.querySelector("[data-restore-drop]")?.addEventListener("click", () => {
    backup.clear();
    box.hidden = true;
  });
}

export function wire(form: HTMLFormElement): Autosaver {
  const backup = new Backup(window.localStorage, `kezhan:draft:${form.dataset.autosave}`);
  const saver = new Autosaver({
    revision: Number(form.dataset.revision ?? 0),
    debounceMs: DEBOUNCE_MS,
    send: (values, revision) => save(form, values, revision),
    onState: (state, detail) => draw(form, state, detail),
    onRevision: (revision) => {
      form.dataset.revision = String(revision);
      const field = form.elements.namedItem("revision");
      if (field instanceof HTMLInputElement) field.value = String(revision);
    },
    backup,
  });
  const changed = () => saver.changed(collect(form));
  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  form.addEventListener("draft:changed", changed);
  form.addEventListener("submit", () => saver.stop());
  window.addEventListener("online", () => saver.retryNow());
  window.addEventListener("beforeunload", (event) => {
    if (saver.hasUnsaved) event.preventDefault();
  });
  offerRestore(form, backup, saver);
  return saver;
}

document.querySelectorAll<HTMLFormElement>("form[data-autosave]").forEach(wire);
