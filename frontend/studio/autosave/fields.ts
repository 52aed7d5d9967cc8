// A form as the JSON that the API takes, and back. A name inside [data-list] is a list; blank rows do not count.
import type { Values } from "./saver";

type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

const NEVER_SENT = new Set(["csrfmiddlewaretoken", "revision", "lesson"]);

function fieldsOf(form: HTMLFormElement): Field[] {
  const all = form.querySelectorAll<Field>("input[name], textarea[name], select[name]");
  return [...all].filter(
    (field) => !NEVER_SENT.has(field.name) && field.type !== "file" && !field.disabled && !field.closest("[data-rows]"),
  );
}

// Rows of several parts each: [data-rows="options"] holds [data-row], whose fields say which part they are.
function rowsOf(place: HTMLElement): Record<string, unknown>[] {
  return [...place.querySelectorAll<HTMLElement>("[data-row]")].map((row) => {
    const parts = [...row.querySelectorAll<HTMLInputElement>("[data-part]")];
    return Object.fromEntries(parts.map((part) => [part.dataset.part, part.type === "checkbox" ? part.checked : part.value]));
  });
}

function fillRows(place: HTMLElement, kept: unknown[]): void {
  place.querySelectorAll<HTMLElement>("[data-row]").forEach((row, at) => {
    for (const part of row.querySelectorAll<HTMLInputElement>("[data-part]")) {
      const value = (kept[at] as Record<string, unknown> | undefined)?.[part.dataset.part ?? ""];
      if (part.type === "checkbox") part.checked = Boolean(value);
      else part.value = String(value ?? "");
    }
  });
}

export function collect(form: HTMLFormElement): Values {
  const values: Values = {};
  for (const list of form.querySelectorAll<HTMLElement>("[data-list]")) values[list.dataset.list ?? ""] = [];
  for (const place of form.querySelectorAll<HTMLElement>("[data-rows]")) values[place.dataset.rows ?? ""] = rowsOf(place);
  for (const field of fieldsOf(form)) {
    const list = values[field.name];
    if (Array.isArray(list)) {
      if (field.value.trim()) list.push(field.value.trim());
    } else if (field instanceof HTMLInputElement && field.type === "checkbox") {
      values[field.name] = field.checked;
    } else if (field instanceof HTMLInputElement && field.type === "radio") {
      if (field.checked) values[field.name] = field.value;
    } else {
      values[field.name] = field.value === "" && field.dataset.empty === "null" ? null : field.value;
    }
  }
  return values;
}

export function fill(form: HTMLFormElement, values: Values): void {
  for (const list of form.querySelectorAll<HTMLElement>("[data-list]")) {
    const kept = values[list.dataset.list ?? ""];
    if (Array.isArray(kept)) list.dispatchEvent(new CustomEvent("list:fill", { detail: kept }));
  }
  for (const place of form.querySelectorAll<HTMLElement>("[data-rows]")) {
    const kept = values[place.dataset.rows ?? ""];
    if (Array.isArray(kept)) fillRows(place, kept);
  }
  for (const field of fieldsOf(form)) {
    const value = values[field.name];
    if (value === undefined || Array.isArray(value)) continue;
    if (field instanceof HTMLInputElement && field.type === "checkbox") field.checked = Boolean(value);
    else if (field instanceof HTMLInputElement && field.type === "radio") field.checked = field.value === value;
    else field.value = String(value ?? "");
  }
}

export function sameValues(a: Values, b: Values): boolean {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].every((name) => plain(a[name]) === plain(b[name]));
}

// A browser turns line ends of a textarea into one kind, storage keeps what it was given.
function plain(value: unknown): string {
  return (JSON.stringify(value ?? null) ?? "null").replaceAll("\\r\\n", "\\n");
}
