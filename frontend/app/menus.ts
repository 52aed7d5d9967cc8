// Answers for <details class="menu">: a press elsewhere or Escape closes it, and Escape gives the focus back.

const OPEN = "details.menu[open], details.player__menu[open]";

function closeExcept(target: Node | null): void {
  for (const menu of document.querySelectorAll<HTMLDetailsElement>(OPEN)) {
    if (!target || !menu.contains(target)) menu.open = false;
  }
}

document.addEventListener("pointerdown", (event) => closeExcept(event.target as Node));
document.addEventListener("focusin", (event) => closeExcept(event.target as Node));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.isComposing) return;
  const open = document.querySelector<HTMLDetailsElement>(OPEN);
  if (!open) return;
  open.open = false;
  open.querySelector("summary")?.focus();
});
