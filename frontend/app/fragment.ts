// Opens the closed <details> in which stands what the address names: not every browser does so by itself.

export function openFor(hash: string): void {
  const place = hash ? document.getElementById(hash.slice(1)) : null;
  const closed = place?.parentElement?.closest<HTMLDetailsElement>("details:not([open])");
  if (!closed) return;
  closed.open = true;
  place?.scrollIntoView();
}

openFor(location.hash);
window.addEventListener("hashchange", () => openFor(location.hash));
