// The search box: the "/" key goes to it from anywhere but a place where one writes.

document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  const at = event.target;
  if (at instanceof HTMLElement && (at.isContentEditable || at.matches("input, textarea, select"))) return;
  const box = document.getElementById("site-search");
  if (!box) return;
  event.preventDefault();
  box.focus();
});

// What helps while writing is loaded when somebody is about to write.
document.addEventListener("focusin", async ({ target }) => {
  if (!(target instanceof HTMLInputElement) || target.type !== "search" || target.hasAttribute("role")) return;
  const form = target.closest<HTMLFormElement>("form[data-suggest]");
  if (!form) return;
  const { Suggestions } = await import("../search/suggest");
  if (!target.hasAttribute("role")) new Suggestions(target, form).start();
});
