// The form of an attempt, wired: each change is sent for its question alone, so two tabs do not undo one another.
import { Autosaver, type Answer as Sent, type SaveState, type Values } from "../studio/autosave/saver";
import { sendJson } from "../studio/api/send";
import { answerOf } from "./answers";
import { clock, isSaid, secondsLeft } from "./countdown";
import { isAsServed, leaveOut } from "./fields";

const DEBOUNCE_MS = 700;

function draw(form: HTMLFormElement, state: SaveState, detail: string): void {
  const place = form.querySelector<HTMLElement>("[data-save-state]");
  if (!place) return;
  place.dataset.state = state;
  for (const part of place.querySelectorAll<HTMLElement>("[data-when]")) part.hidden = part.dataset.when !== state;
  const words = place.querySelector<HTMLElement>("[data-detail]");
  if (words) words.textContent = detail;
}

async function save(form: HTMLFormElement, answers: Values): Promise<Sent> {
  const answer = await sendJson("PATCH", form.dataset.attempt ?? "", { answers });
  if (answer === null || answer.status >= 500) return { kind: "offline" };
  if (answer.ok) return { kind: "saved", revision: 0 };
  return { kind: "refused", detail: String(answer.body.detail ?? "") };
}

function wire(form: HTMLFormElement): void {
  const unsent: Values = {};
  const saver = new Autosaver({
    revision: 0,
    debounceMs: DEBOUNCE_MS,
    send: async (values) => {
      const answer = await save(form, values);
      if (answer.kind === "saved") for (const [key, value] of Object.entries(values)) if (unsent[key] === value) delete unsent[key];
      return answer;
    },
    onState: (state, detail) => draw(form, state, detail),
    backup: { write: () => undefined, clear: () => undefined },
  });
  const take = (question: HTMLElement) => {
    unsent[question.dataset.question ?? ""] = answerOf(question);
    saver.changed({ ...unsent });
  };
  const changed = (event: Event) => {
    const question = (event.target as HTMLElement).closest<HTMLElement>("[data-question]");
    if (question) take(question);
  };
  const questions = () => [...form.querySelectorAll<HTMLElement>("[data-question]")];
  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  form.addEventListener("submit", () => saver.stop());
  // The rest is saved already, by this tab or since then by another: sent again, a blank would take an answer back.
  form.addEventListener("formdata", ({ formData }) => {
    for (const question of questions()) if (!((question.dataset.question ?? "") in unsent)) leaveOut(formData, question);
  });
  // What she answered before this script was here.
  questions().filter((question) => !isAsServed(question)).forEach(take);
  window.addEventListener("online", () => saver.retryNow());
  window.addEventListener("beforeunload", (event) => {
    if (saver.hasUnsaved) event.preventDefault();
  });
  const due = document.querySelector<HTMLElement>("[data-due]");
  if (due) countDown(form, due);
}

function countDown(form: HTMLFormElement, place: HTMLElement): void {
  const dueMs = Date.parse(place.dataset.due ?? "");
  const skewMs = Date.now() - Date.parse(place.dataset.now ?? "");
  const words = place.dataset.left ?? "{time}";
  const said = document.querySelector<HTMLElement>("[data-due-says]");
  const timer = setInterval(() => {
    const left = secondsLeft(dueMs, Date.now(), skewMs);
    place.textContent = words.replace("{time}", clock(left));
    if (said && isSaid(left)) said.textContent = place.textContent;
    if (left > 0) return;
    clearInterval(timer);
    const anyway = Object.assign(document.createElement("input"), { type: "hidden", name: "anyway", value: "1" });
    form.append(anyway);
    form.requestSubmit();
  }, 1000);
}

document.querySelectorAll<HTMLFormElement>("form[data-attempt]").forEach(wire);
