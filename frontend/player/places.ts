// Places in the film that people write beside it: how they are read, and the way to them.
import { clock } from "./time";

/** Where something stands that was written beside the film; before all places where it has none. */
export function placeOf(written: Element): number {
  const at = (written as HTMLElement).dataset["at"];
  return at ? Number(at) : -1;
}

/** A link to a place moves the film that is there, instead of loading its page once more. */
export function leadTo(link: Element | null, film: HTMLVideoElement | null, place: () => number): void {
  link?.addEventListener("click", (event) => {
    if (!film) return;
    event.preventDefault();
    film.currentTime = place() + 0.01;
    void (film.closest("lesson-player") as (HTMLElement & { play?: () => Promise<void> }) | null)?.play?.();
  });
}

/** Who begins to write means what she sees now, unless she has said otherwise. */
export function nameThePlace(at: HTMLInputElement | null | undefined, film: HTMLVideoElement | null): void {
  if (at && film && !at.value) at.value = clock(film.currentTime);
}

/** What was written as a place, in seconds: 12:40, 1:02:03, 95; null for nothing, NaN for what is no place. */
export function secondOf(written: string): number | null {
  if (!written.trim()) return null;
  if (!/^(\d{1,2}:)?(\d{1,4}:)?\d{1,5}$/.test(written.trim())) return NaN;
  return written.trim().split(":").reduce((total, each) => total * 60 + Number(each), 0);
}

/** Why something could not be sent, in the server's words. */
export function wrong(body: Record<string, unknown> | undefined, offline: string | undefined): string {
  const errors = Object.values((body?.["errors"] ?? {}) as Record<string, string[]>).flat();
  return errors.join(" ") || String(body?.["detail"] ?? offline ?? "");
}
