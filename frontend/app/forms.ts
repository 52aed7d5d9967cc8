// Answers for what every form shares: one sending a press, selects that send themselves, and counted characters.

const SENT = "sent";

/** Stops the second sending of a form that changes something: a second press on Pay is not a second order. */
function onSubmit(event: SubmitEvent): void {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || event.defaultPrevented || form.method !== "post") return;
  if (form.dataset[SENT]) {
    event.preventDefault();
    return;
  }
  form.dataset[SENT] = "yes";
  form.setAttribute("aria-busy", "true");
}

/** A page that comes back from the browser's memory may be sent again. */
function onShow(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-sent]")) {
    delete form.dataset[SENT];
    form.removeAttribute("aria-busy");
  }
}

/** `data-autosubmit` on a control sends its form when the choice changes. */
function onChange(event: Event): void {
  const control = event.target;
  if (control instanceof Element && control.closest("[data-autosubmit]")) {
    (control as HTMLInputElement).form?.requestSubmit();
  }
}

/** Shows "12 / 60" in the element that `data-count` names, while its control is written in. */
function onInput(event: Event): void {
  const control = event.target;
  if (!(control instanceof HTMLInputElement || control instanceof HTMLTextAreaElement)) return;
  const shown = control.dataset["count"] && document.getElementById(control.dataset["count"]);
  if (shown) shown.textContent = `${[...control.value].length} / ${control.maxLength}`;
}

/** The summary of errors, where there is one, is what the reader needs first. */
function focusErrors(): void {
  document.querySelector<HTMLElement>('.notice[role="alert"][tabindex]')?.focus({ preventScroll: false });
}

// On window, after the listeners on elements and on the document: what they handle themselves is not ours to count.
window.addEventListener("submit", onSubmit);
document.addEventListener("change", onChange);
document.addEventListener("input", onInput);
window.addEventListener("pageshow", onShow);
focusErrors();
