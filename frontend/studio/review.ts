// The form of a review: the player's second into a finding, the rest as holding. Its keys: desk-keys.ts.
import { clockText } from "./review/clock";

function wireReview(form: HTMLFormElement): void {
  form.addEventListener("click", (event) => {
    const button = (event.target as HTMLElement).closest<HTMLButtonElement>("button");
    if (button?.matches("[data-use-second]")) useSecond(button);
    if (button?.matches("[data-all-hold]")) markRest(form);
  });
  form.addEventListener("change", () => showFindings(form));
  showFindings(form);
}

function useSecond(button: HTMLButtonElement): void {
  const film = document.querySelector<HTMLVideoElement>("[data-review-lesson] video");
  const box = button.closest("[data-judgment]");
  const at = box?.querySelector<HTMLInputElement>("input[name$=at_second]");
  const lesson = box?.querySelector<HTMLSelectElement>("select[name$=lesson_key]");
  if (lesson) lesson.value = document.querySelector<HTMLElement>("[data-review-lesson]")?.dataset.reviewLesson ?? "";
  if (at) at.value = clockText(film?.currentTime ?? 0);
  box?.querySelector<HTMLTextAreaElement>("textarea")?.focus();
}

/** Rules that nobody has judged yet; what has a finding stays one. */
function markRest(form: HTMLFormElement): void {
  for (const box of form.querySelectorAll("[data-judgment]")) {
    if (box.querySelector("input[type=radio]:checked")) continue;
    const holds = box.querySelector<HTMLInputElement>("input[type=radio][value=holds]");
    if (holds) holds.checked = true;
  }
  showFindings(form);
}

function showFindings(form: HTMLFormElement): void {
  for (const box of form.querySelectorAll<HTMLElement>("[data-judgment]")) {
    const fields = box.querySelector<HTMLElement>("[data-finding]");
    if (!fields) continue;
    const hasWords = Boolean(fields.querySelector("textarea")?.value.trim());
    fields.hidden = !hasWords && !box.querySelector("input[type=radio][value=finding]:checked");
  }
}

/** Another lesson is another page: what was judged so far goes with it. */
function keepAcrossLessons(form: HTMLFormElement): void {
  for (const link of document.querySelectorAll<HTMLAnchorElement>("[data-review-link]")) {
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      const target = new URL(link.href);
      form.querySelector<HTMLInputElement>("input[name=lesson]")?.setAttribute("value", target.searchParams.get("lesson") ?? "");
      form.action = target.pathname + target.hash;
      form.noValidate = true;
      form.submit();
    });
  }
}

document.querySelectorAll<HTMLFormElement>("form[data-review]").forEach((form) => {
  wireReview(form);
  keepAcrossLessons(form);
});
