// Keeps a clip that is being cut fresh: <li data-clip-status="address of the clip's API">. Once it is settled the page is
// drawn anew, with what can be done then.

interface Clip {
  is_settled: boolean;
  percent: number;
  state_label: string;
}

const EVERY_MS = 1000;
const MOST_MS = 15_000;

export function draw(row: HTMLElement, clip: Clip): void {
  const bar = row.querySelector("progress");
  if (bar) bar.value = clip.percent;
  const state = row.querySelector<HTMLElement>("[data-part=state] .state");
  if (state && state.textContent !== clip.state_label) state.textContent = clip.state_label;
}

function watch(row: HTMLElement): void {
  let misses = 0;
  const ask = async () => {
    if (!row.isConnected) return;
    try {
      const answer = await fetch(row.dataset["clipStatus"] ?? "", { headers: { Accept: "application/json" } });
      if (answer.status === 403 || answer.status === 404) return;
      if (!answer.ok) throw new Error(String(answer.status));
      const clip = (await answer.json()) as Clip;
      misses = 0;
      draw(row, clip);
      // Not while somebody writes: what she has typed would be gone.
      if (clip.is_settled && !document.activeElement?.closest("input, textarea, select")) {
        location.reload();
        return;
      }
    } catch {
      misses += 1;
    }
    window.setTimeout(() => void ask(), Math.min(MOST_MS, EVERY_MS * 2 ** misses));
  };
  void ask();
}

document.querySelectorAll<HTMLElement>("[data-clip-status]").forEach(watch);
