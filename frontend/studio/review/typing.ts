/** Whether keys belong to what has the focus: words are typed there. A radio or a box to tick takes no letters. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !["radio", "checkbox", "submit", "button"].includes(target.type);
  return target.closest("textarea, select, lesson-player, [contenteditable]") !== null;
}

/** Whether up and down mean something to it already. */
export function usesArrows(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement || isTyping(target);
}
