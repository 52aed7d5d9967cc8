// The transcript beside the film: a line leads to its second, the line that is said is marked and kept in sight, and
// the search leaves only the lines that hold the words. It belongs to the page's own player.
import { filled } from "./time";

const box = document.querySelector<HTMLElement>("[data-transcript]");
const video = document.querySelector<HTMLVideoElement>("lesson-player[data-keys=page] video");
if (box && video) follow(box, video);

function follow(transcript: HTMLElement, film: HTMLVideoElement): void {
  const part = <Part extends HTMLElement>(name: string) => transcript.querySelector<Part>(`[data-part="${name}"]`);
  const lines = [...transcript.querySelectorAll<HTMLButtonElement>("[data-at]")];
  const begins = lines.map((line) => Number(line.dataset["at"]));
  const list = part("lines");
  const search = part<HTMLInputElement>("search");
  const wish = part<HTMLInputElement>("follow");
  const wishBox = part("follow-box");
  let current = -1;

  list?.addEventListener("click", (event) => {
    const line = (event.target as Element).closest<HTMLElement>("[data-at]");
    if (!line) return;
    film.currentTime = Number(line.dataset["at"]) + 0.01;
    const player = film.closest("lesson-player") as (HTMLElement & { play?: () => Promise<void> }) | null;
    void player?.play?.();
  });

  film.addEventListener("timeupdate", () => {
    let now = begins.findLastIndex((begin) => begin <= film.currentTime + 0.05);
    if (now < 0) now = -1;
    if (now === current) return;
    lines[current]?.removeAttribute("aria-current");
    current = now;
    const line = lines[now];
    line?.setAttribute("aria-current", "true");
    if (line && list && wish?.checked && !search?.value) {
      list.scrollTop = line.offsetTop - list.offsetTop - list.clientHeight / 3;
    }
  });

  search?.addEventListener("input", (event) => {
    if ((event as InputEvent).isComposing) return;
    find(search.value);
  });
  search?.addEventListener("compositionend", () => find(search.value));

  function find(words: string): void {
    const wanted = words.trim().toLocaleLowerCase();
    let count = 0;
    for (const line of lines) {
      const holds = (line.textContent ?? "").toLocaleLowerCase().includes(wanted);
      (line.parentElement as HTMLElement).hidden = !holds;
      if (holds) count += 1;
    }
    const found = part("found");
    if (found) found.textContent = wanted ? filled(found.dataset["says"] ?? "{n}", { n: String(count) }) : "";
  }

  if (search) search.hidden = false;
  if (wishBox) wishBox.hidden = false;
}
