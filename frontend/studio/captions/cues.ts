// Cues as text and as numbers: the blocks that videos/caption_editing.py reads, and what may be done with them. Pure.

export interface Cue {
  start: number; // ms
  end: number;
  text: string;
}

export interface Limits {
  fast: number;
  long: number;
}

export type Hint = { kind: "fast"; speed: number } | { kind: "long" } | { kind: "overlap" };

const TIME = /^\s*(?:(\d{1,2}):)?(\d{1,3}):(\d{1,2})(?:[.,](\d{1,3}))?\s*$/;

/** Milliseconds of `1:02:03.456` or `2:03.4`; null for anything else. */
export function msOf(words: string): number | null {
  const found = TIME.exec(words);
  if (!found || Number(found[3]) > 59) return null;
  const [, hours = "0", minutes = "0", seconds = "0", rest = "0"] = found;
  return ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000 + Number(rest.padEnd(3, "0"));
}

export function shown(ms: number): string {
  const whole = Math.max(0, Math.round(ms));
  const two = (part: number) => String(part).padStart(2, "0");
  const [hours, minutes, seconds] = [Math.floor(whole / 3_600_000), Math.floor(whole / 60_000) % 60, Math.floor(whole / 1000) % 60];
  return `${hours ? `${hours}:${two(minutes)}` : minutes}:${two(seconds)}.${String(whole % 1000).padStart(3, "0")}`;
}

/** Blocks whose times cannot be read are null: then the text is left to its writer. */
export function read(text: string): Cue[] | null {
  const cues: Cue[] = [];
  for (const block of text.replace(/\r\n/g, "\n").trim().split(/\n\s*\n/)) {
    if (!block.trim()) continue;
    const [times = "", ...lines] = block.trim().split("\n");
    const [start, end] = times.split("-->").map(msOf);
    if (start === null || start === undefined || end === null || end === undefined) return null;
    cues.push({ start, end, text: lines.join("\n") });
  }
  return cues;
}

export function shift(cues: Cue[], by: number): Cue[] {
  return cues.map((cue) => ({ ...cue, start: Math.max(0, cue.start + by), end: Math.max(0, cue.end + by) }));
}

/** How many would lie before the film begins, and be lost with their words. */
export const lostBy = (cues: Cue[], by: number): number => cues.filter((cue) => cue.end > cue.start && cue.end + by <= 0).length;

/** Two cues instead of one: the words before and after `at`, the time in the same proportion. */
export function split(cue: Cue, at: number): [Cue, Cue] {
  const cut = at > 0 && at < cue.text.length ? at : Math.ceil(cue.text.length / 2);
  const middle = Math.round(cue.start + ((cue.end - cue.start) * cut) / Math.max(1, cue.text.length));
  return [
    { start: cue.start, end: middle, text: cue.text.slice(0, cut).trim() },
    { start: middle, end: cue.end, text: cue.text.slice(cut).trim() },
  ];
}

export function merge(first: Cue, second: Cue): Cue {
  const text = [first.text, second.text].filter(Boolean).join("\n");
  return { start: Math.min(first.start, second.start), end: Math.max(first.end, second.end), text };
}

export function hints(cue: Cue, next: Cue | undefined, limits: Limits): Hint[] {
  const letters = [...cue.text].reduce((sum, sign) => sum + (/\s/.test(sign) ? 0 : sign > "\u2e7f" ? 2 : 1), 0);
  const speed = Math.round((letters * 1000) / Math.max(1, cue.end - cue.start));
  const found: Hint[] = [];
  if (speed > limits.fast) found.push({ kind: "fast", speed });
  if (cue.text.split("\n").some((line) => line.length > limits.long)) found.push({ kind: "long" });
  if (next && next.start < cue.end) found.push({ kind: "overlap" });
  return found;
}
