// Marks by keys: 1 to 8 choose a level of the criterion where the focus is and go on to the next one, Ctrl and Enter
// send. The sum is said as it changes.

/** How many points are chosen so far. */
export function total(form: HTMLFormElement): number {
  const chosen = form.querySelectorAll<HTMLInputElement>("input[data-points]:checked");
  return [...chosen].reduce((sum, radio) => sum + Number(radio.dataset.points), 0);
}

function radiosOf(criterion: Element): HTMLInputElement[] {
  return [...criterion.querySelectorAll<HTMLInputElement>("input[type=radio]")];
}

/** The criterion that the focus is in; else the first one without a level. */
function current(criteria: Element[]): number {
  const focused = criteria.findIndex((each) => each.contains(document.activeElement));
  return focused >= 0 ? focused : criteria.findIndex((each) => !radiosOf(each).some((radio) => radio.checked));
}

/** Choose the level of this number; false when there is none. */
export function choose(form: HTMLFormElement, number: number): boolean {
  const criteria = [...form.querySelectorAll("[data-criterion]")];
  const at = current(criteria);
  const radio = criteria[at] && radiosOf(criteria[at])[number - 1];
  if (!radio) return false;
  radio.checked = true;
  radio.dispatchEvent(new Event("change", { bubbles: true }));
  const next = criteria[at + 1];
  const following = next ? radiosOf(next).find((each) => each.checked) ?? radiosOf(next)[0] : form.querySelector("textarea");
  following?.focus();
  return true;
}

function say(form: HTMLFormElement): void {
  const place = form.querySelector<HTMLElement>("[data-total]");
  const words = place?.dataset.words ?? "";
  if (place) place.textContent = words.replace("{points}", String(total(form))).replace("{most}", form.dataset.most ?? "");
}

function isWriting(target: EventTarget | null): boolean {
  return target instanceof HTMLTextAreaElement || (target instanceof HTMLInputElement && target.type !== "radio");
}

export function wire(form: HTMLFormElement): void {
  form.addEventListener("change", () => say(form));
  say(form);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit();
    } else if (/^[1-8]$/.test(event.key) && !event.ctrlKey && !event.altKey && !event.metaKey && !isWriting(event.target)) {
      if (choose(form, Number(event.key))) event.preventDefault();
    }
  });
}

document.querySelectorAll<HTMLFormElement>("form[data-marks]").forEach(wire);
