// What of a picture a clip keeps: the same arithmetic as videos/framing.py, so that what is shown is what is cut.

export type Shape = "vertical" | "horizontal";

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export const ratioOf = (shape: Shape): number => (shape === "vertical" ? 9 / 16 : 16 / 9);

/** The largest piece of that shape whose middle lies as near to `center` (thousandths) as the picture allows. */
export function windowOf(width: number, height: number, shape: Shape, center: number): Box {
  const ratio = ratioOf(shape);
  const start = (length: number, kept: number) => Math.min(Math.max(0, (length * center) / 1000 - kept / 2), length - kept);
  if (width / height > ratio) {
    const kept = height * ratio;
    return { x: start(width, kept), y: 0, width: kept, height };
  }
  const kept = width / ratio;
  return { x: 0, y: start(height, kept), width, height: kept };
}

/** The `center` for which the piece begins at `begin` of `length`. */
export function centerFor(begin: number, kept: number, length: number): number {
  const inside = Math.min(Math.max(0, begin), length - kept);
  return Math.round(((inside + kept / 2) / length) * 1000);
}

/** Where a picture of that size lies, whole and in the middle, in a room of another. */
export function fitted(width: number, height: number, room: { width: number; height: number }): Box {
  const scale = Math.min(room.width / width, room.height / height);
  const [across, down] = [width * scale, height * scale];
  return { x: (room.width - across) / 2, y: (room.height - down) / 2, width: across, height: down };
}

/** `1:23.5`, or what is typed, in seconds; null when it is no moment. */
export function secondsOf(text: string): number | null {
  const found = /^(?:(?:(\d{1,2}):)?(\d{1,2}):)?(\d{1,5}(?:\.\d{1,3})?)$/.exec(text.trim().replace("：", ":"));
  return found ? Number(found[1] ?? 0) * 3600 + Number(found[2] ?? 0) * 60 + Number(found[3]) : null;
}

export function moment(seconds: number): string {
  const tenths = Math.round(seconds * 10);
  const [minutes, rest] = [Math.floor(tenths / 600), tenths % 600];
  return `${minutes}:${String(Math.floor(rest / 10)).padStart(2, "0")}.${rest % 10}`;
}
