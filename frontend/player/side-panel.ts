// The panel beside the film: its sections behind tabs, as the pattern of WAI-ARIA has them. Without scripts all stand
// one below the other.

for (const panel of document.querySelectorAll<HTMLElement>("[data-panel]")) {
  const list = panel.querySelector<HTMLElement>("[role=tablist]");
  const tabs = [...panel.querySelectorAll<HTMLElement>("[role=tab]")];
  if (!list || tabs.length < 2) continue;
  const choose = (chosen: HTMLElement) => {
    for (const tab of tabs) {
      const isChosen = tab === chosen;
      tab.setAttribute("aria-selected", String(isChosen));
      tab.tabIndex = isChosen ? 0 : -1;
      const section = document.getElementById(tab.getAttribute("aria-controls") ?? "");
      if (!section) continue;
      section.hidden = !isChosen;
      section.setAttribute("role", "tabpanel");
      section.setAttribute("aria-labelledby", tab.id);
    }
  };
  list.hidden = false;
  list.addEventListener("click", (event) => {
    const tab = (event.target as Element).closest<HTMLElement>("[role=tab]");
    if (tab) choose(tab);
  });
  list.addEventListener("keydown", (event) => {
    const on = list.matches(":dir(rtl)") ? -1 : 1;
    const step = { ArrowRight: on, ArrowLeft: -on }[event.key];
    const at = tabs.indexOf(document.activeElement as HTMLElement);
    const tab = step === undefined || at < 0 ? undefined : tabs[(at + step + tabs.length) % tabs.length];
    if (!tab) return;
    event.preventDefault();
    event.stopPropagation();
    choose(tab);
    tab.focus();
  });
  const asked = tabs.find((tab) => `#${tab.getAttribute("aria-controls")}` === location.hash);
  choose(asked ?? (tabs[0] as HTMLElement));
}

export {};
