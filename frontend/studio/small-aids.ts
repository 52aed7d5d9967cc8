// Small aids of the studio's forms: a question before removing, a text's preview in place, a picture before it is sent.
import { csrfToken } from "./api/send";

document.addEventListener("submit", (event) => {
  const question = (event.target as HTMLElement).dataset.ask;
  if (question && !window.confirm(question)) event.preventDefault();
});

async function showText(button: HTMLButtonElement): Promise<void> {
  const place = document.querySelector<HTMLElement>(button.dataset.textPreview ?? "");
  if (!place || !button.form) return;
  if (!place.hidden) {
    place.hidden = true;
    return;
  }
  const answer = await fetch(button.formAction, {
    method: "POST",
    body: new FormData(button.form),
    headers: { "X-Requested-With": "fetch", "X-CSRFToken": csrfToken() },
  }).catch(() => null);
  if (!answer?.ok) return;
  // The server has cleaned it.
  place.innerHTML = await answer.text();
  place.hidden = false;
}

document.addEventListener("click", (event) => {
  const button = (event.target as HTMLElement).closest<HTMLButtonElement>("[data-text-preview]");
  if (!button) return;
  event.preventDefault();
  void showText(button);
});

function insertAt(area: HTMLTextAreaElement, words: string): void {
  area.setRangeText(words, area.selectionStart, area.selectionEnd, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
  area.focus();
}

// The line of a picture goes into the text where the writer last was.
let lastText: HTMLTextAreaElement | null = null;
document.addEventListener("focusin", (event) => {
  if (event.target instanceof HTMLTextAreaElement) lastText = event.target;
});
document.addEventListener("click", (event) => {
  const button = (event.target as HTMLElement).closest<HTMLElement>("[data-insert]");
  const area = lastText ?? document.querySelector<HTMLTextAreaElement>("[data-autosave] textarea");
  if (button && area) insertAt(area, `\n\n${button.dataset.insert ?? ""}\n\n`);
});

// One row more, as the last one is but empty.
document.addEventListener("click", (event) => {
  const button = (event.target as HTMLElement).closest<HTMLElement>("[data-row-add]");
  const rows = button?.closest("[data-rows]")?.querySelectorAll<HTMLElement>("[data-row]");
  const last = rows?.[rows.length - 1];
  if (!button || !last || !rows) return;
  const row = last.cloneNode(true) as HTMLElement;
  for (const part of row.querySelectorAll<HTMLInputElement>("[data-part]")) {
    part.name = part.name.replace(/-\d+-/, `-${rows.length}-`);
    if (part.type === "checkbox") part.checked = false;
    else part.value = "";
  }
  last.after(row);
  row.querySelector<HTMLInputElement>("[data-part=text]")?.focus();
});

function showCover(input: HTMLInputElement): void {
  const file = input.files?.[0];
  const frame = document.querySelector<HTMLElement>("[data-cover-shown]");
  if (!file || !frame) return;
  const picture = new Image();
  picture.alt = "";
  picture.src = URL.createObjectURL(file);
  picture.addEventListener("load", () => URL.revokeObjectURL(picture.src), { once: true });
  frame.replaceChildren(picture);
}

document.querySelector("[data-cover-form]")?.addEventListener("change", (event) => {
  if (event.target instanceof HTMLInputElement && event.target.type === "file") showCover(event.target);
});
