// Lists of short lines (outcomes, requirements): add, remove, Enter for the next line. The rows come from the server;
// without JavaScript the spare empty rows are the way to add.

function rowsOf(list: HTMLElement): HTMLElement[] {
  return [...list.querySelectorAll<HTMLElement>("[data-list-row]")];
}

function inputOf(row: HTMLElement): HTMLInputElement | null {
  return row.querySelector("input");
}

function changed(list: HTMLElement): void {
  list.dispatchEvent(new CustomEvent("draft:changed", { bubbles: true }));
}

export function addRow(list: HTMLElement, value = "", after?: HTMLElement): HTMLElement | null {
  const template = list.querySelector<HTMLTemplateElement>("template");
  const row = template?.content.firstElementChild?.cloneNode(true);
  if (!(row instanceof HTMLElement)) return null;
  const input = inputOf(row);
  if (input) input.value = value;
  const place = list.querySelector("[data-list-rows]");
  if (after) after.after(row);
  else place?.append(row);
  return row;
}

function removeRow(list: HTMLElement, row: HTMLElement): void {
  const rows = rowsOf(list);
  const at = rows.indexOf(row);
  row.remove();
  const next = rows[at + 1] ?? rows[at - 1] ?? addRow(list);
  if (next) inputOf(next)?.focus();
  changed(list);
}

function dropSpareRows(list: HTMLElement): void {
  const rows = rowsOf(list);
  const blank = rows.filter((row) => !inputOf(row)?.value.trim());
  const spare = blank.length === rows.length ? blank.slice(1) : blank;
  spare.forEach((row) => row.remove());
}

export function wire(list: HTMLElement): void {
  dropSpareRows(list);
  list.addEventListener("click", (event) => {
    const button = (event.target as HTMLElement).closest<HTMLButtonElement>("button");
    const row = button?.closest<HTMLElement>("[data-list-row]");
    if (button?.matches("[data-list-add]")) {
      const fresh = addRow(list);
      if (fresh) inputOf(fresh)?.focus();
    } else if (row && button?.matches("[data-list-remove]")) removeRow(list, row);
  });
  list.addEventListener("keydown", (event) => {
    const row = (event.target as HTMLElement).closest<HTMLElement>("[data-list-row]");
    // Enter that chooses a word in an input method must not open a new line; Safari tells of it late, by its code alone.
    if (event.key !== "Enter" || event.isComposing || event.keyCode === 229 || !row || !(event.target instanceof HTMLInputElement)) return;
    event.preventDefault();
    const fresh = addRow(list, "", row);
    if (fresh) inputOf(fresh)?.focus();
  });
  list.addEventListener("list:fill", (event) => {
    const values = (event as CustomEvent<unknown[]>).detail;
    rowsOf(list).forEach((row) => row.remove());
    values.forEach((value) => addRow(list, String(value)));
    if (!values.length) addRow(list);
  });
}

document.querySelectorAll<HTMLElement>("[data-list]").forEach(wire);
