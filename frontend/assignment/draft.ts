// The text of a work, sent as it is written: <form data-draft="address">.
import { Autosaver, type Answer, type SaveState, type Values } from "../studio/autosave/saver";
import { Backup } from "../studio/autosave/backup";
import { sendJson } from "../studio/api/send";

const DEBOUNCE_MS = 900;

function draw(form: HTMLFormElement, state: SaveState, detail: string): void {
  const place = form.querySelector<HTMLElement>("[data-save-state]");
  if (!place) return;
  place.dataset.state = state;
  for (const part of place.querySelectorAll<HTMLElement>("[data-when]")) part.hidden = part.dataset.when !== state;
  const words = place.querySelector<HTMLElement>("[data-detail]");
  if (words) words.textContent = detail;
}

async function save(form: HTMLFormElement, values: Values): Promise<Answer> {
  const answer = await sendJson("PATCH", form.dataset.draft ?? "", values);
  if (answer === null || answer.status >= 500) return { kind: "offline" };
  if (answer.ok) return { kind: "saved", revision: 0 };
  return { kind: "refused", detail: String(answer.body.detail ?? "") };
}

function wire(form: HTMLFormElement): void {
  const text = form.querySelector("textarea");
  if (!text) return;
  const saver = new Autosaver({
    revision: 0,
    debounceMs: DEBOUNCE_MS,
    send: (values) => save(form, values),
    onState: (state, detail) => draw(form, state, detail),
    backup: new Backup(window.localStorage, `kezhan:work:${form.dataset.draft}`),
  });
  text.addEventListener("input", () => saver.changed({ text: text.value }));
  form.addEventListener("submit", () => saver.stop());
  window.addEventListener("online", () => saver.retryNow());
  window.addEventListener("beforeunload", (event) => {
    if (saver.hasUnsaved) event.preventDefault();
  });
}

document.querySelectorAll<HTMLFormElement>("form[data-draft]").forEach(wire);
