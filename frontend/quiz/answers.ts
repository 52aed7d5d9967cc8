// A form's fields as answers by question, in the shapes that the API takes; null is no answer.

export type Answer = string | string[] | null;

export function answerOf(question: HTMLElement): Answer {
  const kind = question.dataset.kind;
  if (kind === "order") return order(question);
  if (kind === "output") return printed(question);
  const fields = [...question.querySelectorAll<HTMLInputElement>("input[name]")];
  if (kind === "number" || kind === "text") return fields[0]?.value.trim() || null;
  const chosen = fields.filter((field) => field.checked).map((field) => field.value);
  if (kind === "multiple" || kind === "lines") return chosen.length ? chosen : null;
  return chosen[0] ?? null;
}

/** Nothing while two lines have one place or one has none: half an order is no answer. */
function order(question: HTMLElement): string[] | null {
  const selects = [...question.querySelectorAll<HTMLSelectElement>("select[data-option]")];
  const places = selects.map((select) => Number(select.value));
  const ranks = [...places].sort((a, b) => a - b);
  if (ranks.some((place, at) => place !== at + 1)) return null;
  const byPlace = selects.map((select, at) => ({ place: places[at] ?? 0, id: select.dataset.option ?? "" }));
  return byPlace.sort((a, b) => a.place - b.place).map((each) => each.id);
}

/** As it was typed: blanks at the beginning of a line are part of what a program prints. */
function printed(question: HTMLElement): string | null {
  const text = question.querySelector("textarea")?.value ?? "";
  return text.trim() ? text : null;
}
