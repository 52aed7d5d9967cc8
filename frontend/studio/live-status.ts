// Keeps the steps of a film fresh until it is ready or has failed: <div data-film-status="address of the film's API">.

interface Step {
  code: string;
  label: string;
  state: "waiting" | "active" | "done" | "failed";
  percent: number;
}

export interface Film {
  state: string;
  state_label: string;
  percent: number;
  failure: { code: string; text: string } | null;
  can_retry: boolean;
  can_pause: boolean;
  can_resume: boolean;
  can_cancel: boolean;
  look_url: string | null;
  poster_url: string | null;
  steps: Step[];
}

const EVERY_MS = 1000;
const HIDDEN_MS = 5000;
const STATES = { waiting: "todo", active: "now", done: "done", failed: "bad" } as const;
const TONES: Record<string, string> = { ready: "ok", failed: "bad", paused: "idle", cancelled: "idle" };

export const isSettled = (film: Pick<Film, "state">): boolean =>
  film.state === "ready" || film.state === "failed" || film.state === "cancelled";

/** Draws what the API said; the words are the server's, in the reader's language. */
export function draw(box: HTMLElement, film: Film): void {
  const state = box.querySelector<HTMLElement>(".state");
  if (state) {
    state.textContent = film.state_label;
    state.dataset.tone = TONES[film.state] ?? "wait";
  }
  const steps = box.querySelector<HTMLElement>("[data-steps]");
  const drawn = film.steps.map((step) => drawStep(step));
  // Only what changed is touched, so that a screen reader is not told everything each second.
  drawn.forEach((item, at) => {
    const old = steps?.children[at];
    if (!old) steps?.append(item);
    else if (old.outerHTML !== item.outerHTML) old.replaceWith(item);
  });
  while (steps && steps.children.length > drawn.length) steps.lastElementChild?.remove();
  const failure = box.querySelector<HTMLElement>("[data-failure]");
  if (failure) {
    failure.textContent = film.failure?.text ?? "";
    failure.hidden = !film.failure;
  }
  const can = { retry: film.can_retry, pause: film.can_pause, resume: film.can_resume, cancel: film.can_cancel, remove: isSettled(film) };
  for (const [act, may] of Object.entries(can)) {
    const form = box.querySelector<HTMLElement>(`[data-can="${act}"]`);
    if (form) form.hidden = !may;
  }
  const look = box.querySelector<HTMLElement>("[data-look]");
  if (look) look.hidden = !film.look_url;
  const bar = box.querySelector<HTMLProgressElement>("progress");
  if (bar) {
    bar.hidden = film.state !== "transcoding";
    bar.value = film.percent;
  }
  const poster = box.querySelector<HTMLImageElement>("[data-poster]");
  if (poster && film.poster_url && !poster.getAttribute("src")) {
    poster.src = film.poster_url;
    poster.hidden = false;
  }
}

function drawStep(step: Step): HTMLElement {
  const item = document.createElement("li");
  item.className = "step";
  item.dataset.state = STATES[step.state];
  const isRung = step.code !== "upload" && step.code !== "check" && step.code !== "ready";
  const share = new Intl.NumberFormat(document.documentElement.lang || "en", { style: "percent" });
  const shown = isRung && step.state === "active" ? ` ${share.format(step.percent / 100)}` : "";
  item.textContent = step.label + shown;
  return item;
}

/** Asks until the film is settled; more rarely while nobody looks or while the server does not answer. */
export function watchFilm(box: HTMLElement): void {
  let misses = 0;
  const ask = async () => {
    if (!box.isConnected) return;
    try {
      const answer = await fetch(box.dataset.filmStatus ?? "", { headers: { Accept: "application/json" } });
      if (answer.status === 403 || answer.status === 404) return;
      if (!answer.ok) throw new Error(String(answer.status));
      const film = (await answer.json()) as Film;
      misses = 0;
      draw(box, film);
      if (isSettled(film)) {
        box.dispatchEvent(new CustomEvent("film:settled", { bubbles: true, detail: film }));
        return;
      }
    } catch {
      misses += 1;
    }
    const pause = misses ? Math.min(30_000, EVERY_MS * 2 ** misses) : document.hidden ? HIDDEN_MS : EVERY_MS;
    window.setTimeout(() => void ask(), pause);
  };
  void ask();
}

document.querySelectorAll<HTMLElement>("[data-film-status][data-live]").forEach(watchFilm);
