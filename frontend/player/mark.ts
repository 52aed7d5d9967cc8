// The viewer's name over the film: Django wrote it, here it changes its place while the film plays. It stays in the upper
// half, where neither captions nor controls are; it glides, or jumps where less motion is wanted (the style sheet).

const EVERY_MS = 12_000;

export function moveMark(root: HTMLElement, video: HTMLVideoElement): void {
  const mark = root.querySelector<HTMLElement>('[data-part="mark"]');
  if (!mark) return;
  const text = mark.textContent ?? "";
  const move = () => {
    mark.style.setProperty("--mark-x", String(Math.round(Math.random() * 200 - 100)));
    mark.style.setProperty("--mark-y", String(Math.round(Math.random() * 100)));
  };
  video.addEventListener("play", move);
  setInterval(() => video.paused || move(), EVERY_MS);
  // Whoever takes it off the page finds it there again: no lock, but no accident either.
  new MutationObserver(() => {
    if (!mark.isConnected) video.after(mark);
    if (mark.textContent !== text) mark.textContent = text;
    if (mark.hidden) mark.hidden = false;
  }).observe(root, { childList: true, subtree: true, characterData: true, attributes: true, attributeFilter: ["hidden"] });
}
