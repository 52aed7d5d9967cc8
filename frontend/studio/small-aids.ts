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
