// What can be told of a file before any byte is sent: its name, its size, and what its first bytes say it is.

export type Refusal = "notAFilm" | "tooLarge" | "empty";

export interface Limits {
  maxBytes: number;
  suffixes: string[];
}

const ISO = ["ftyp", "moov", "mdat", "wide", "free", "skip", "pnot"];

export function nameRefusal(file: Pick<File, "name" | "size">, limits: Limits): Refusal | null {
  const suffix = file.name.split(".").pop()?.toLowerCase() ?? "";
  if (!limits.suffixes.includes(suffix)) return "notAFilm";
  if (file.size < 1) return "empty";
  return file.size > limits.maxBytes ? "tooLarge" : null;
}

/** Whether these first bytes begin a film; the same containers as videos/sniff.py. */
export function isFilm(head: Uint8Array): boolean {
  const text = (from: number, to: number) => String.fromCharCode(...head.subarray(from, to));
  if (ISO.includes(text(4, 8)) || text(0, 4) === "FLV\x01" || text(0, 4) === "\x1aE\xdf\xa3") return true;
  if (text(0, 4) === "RIFF" && text(8, 11) === "AVI") return true;
  return [[0, 188], [4, 192]].some(([first = 0, step = 188]) =>
    [0, 1, 2, 3, 4].every((at) => head[first + at * step] === 0x47),
  );
}

export async function refusalOf(file: File, limits: Limits): Promise<Refusal | null> {
  const refusal = nameRefusal(file, limits);
  if (refusal) return refusal;
  const head = new Uint8Array(await file.slice(0, 1024).arrayBuffer());
  return isFilm(head) ? null : "notAFilm";
}
