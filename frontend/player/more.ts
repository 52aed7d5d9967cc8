// Answers for buttons that a narrow player has no room for: they move into a menu, and back when there is room.

/** The style sheet alone says how narrow is narrow: there it shows the menu. */
export function gatherWhenNarrow(root: HTMLElement): void {
  const menu = root.querySelector<HTMLDetailsElement>('[data-part="more"]');
  const inside = menu?.querySelector("div");
  if (!menu || !inside) return;
  const places = [...root.querySelectorAll<HTMLElement>(".player__wide")].map((button) => {
    const place = document.createComment("");
    button.before(place);
    return { button, place };
  });
  const arrange = () => {
    const isNarrow = getComputedStyle(menu).display !== "none";
    if (isNarrow === inside.hasChildNodes()) return;
    menu.open = false;
    for (const { button, place } of places) isNarrow ? inside.append(button) : place.after(button);
  };
  new ResizeObserver(arrange).observe(root);
  arrange();
}
