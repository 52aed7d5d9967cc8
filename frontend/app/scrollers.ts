// Answers for what scrolls sideways: the keyboard reaches it; the entry of the page one is on, or the newest month of a
// chart, is in sight.

function reach(box: HTMLElement): void {
  if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
  else box.removeAttribute("tabindex");
}

function middle(box: HTMLElement): number {
  const { left, right } = box.getBoundingClientRect();
  return (left + right) / 2;
}

const watched = new ResizeObserver((entries) => {
  for (const entry of entries) reach(entry.target as HTMLElement);
});
for (const box of document.querySelectorAll<HTMLElement>(".table-scroll, .shelf__row, pre")) watched.observe(box);

for (const bar of document.querySelectorAll<HTMLElement>(".side-nav, .tabs")) {
  const here = bar.querySelector<HTMLElement>("[aria-current]:not([aria-current='false'])");
  if (here) bar.scrollLeft += middle(here) - middle(bar); // whichever way the bar runs
}

for (const chart of document.querySelectorAll<HTMLElement>(".columns-chart__draw")) chart.scrollLeft = chart.scrollWidth; // right to left it begins there
