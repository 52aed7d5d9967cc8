// A film among other things of a page: the player and its style come when somebody reaches for it, and not before.

const REACHING = ["pointerenter", "touchstart", "focusin"] as const;

interface Playable extends HTMLElement {
  play(): Promise<void>;
}

export function waitFor(player: HTMLElement): void {
  const video = player.querySelector("video");
  const button = player.querySelector<HTMLElement>("button.player__big");
  if (!video || !button) return;
  video.controls = false;
  button.hidden = false;
  button.tabIndex = 0; // the only control there is yet
  let ready: Promise<unknown> | undefined;
  const load = (): Promise<unknown> => (ready ??= fetched().then(() => handOver(player, button)));
  const fetched = (): Promise<unknown> => Promise.all([import("./element"), style(player.dataset["style"])]);
  const reach = (): void => void load().catch(() => (ready = undefined));
  for (const event of REACHING) player.addEventListener(event, reach, { once: true, passive: true });
  uncover(player, video);
  player.addEventListener("click", () => {
    // Once it is wired, the player answers for itself.
    if (!player.hasAttribute("data-wired")) void start();
  });

  async function start(): Promise<void> {
    const waiting = player.querySelector<HTMLElement>('[data-part="wait"]');
    if (waiting) waiting.hidden = false;
    try {
      await load();
      await (player as Playable).play();
    } catch {
      // Nothing of ours came over the line: the browser's own player may still show the film.
      ready = undefined;
      if (!player.hasAttribute("data-wired")) [video!.controls, button!.hidden] = [true, true];
    } finally {
      if (waiting) waiting.hidden = true;
    }
  }
}

/** The player has a button of its own for the keyboard: who stands on ours goes on there. */
function handOver(player: HTMLElement, button: HTMLElement): void {
  button.tabIndex = -1;
  if (document.activeElement === button) player.querySelector<HTMLElement>(".player__play")?.focus();
}

/** Takes the page's picture away when the film has one of its own to show. */
function uncover(player: HTMLElement, video: HTMLVideoElement): void {
  const picture = player.querySelector(".player__poster");
  for (const event of ["playing", "seeked"]) video.addEventListener(event, () => picture?.remove(), { once: true });
}

function style(address: string | undefined): Promise<void> {
  if (!address) return Promise.resolve();
  return new Promise((done, failed) => {
    const link = document.createElement("link");
    [link.rel, link.href] = ["stylesheet", address];
    link.addEventListener("load", () => done());
    link.addEventListener("error", failed);
    document.head.append(link);
  });
}
