// Whether a file was sent before: a film of the same size whose parts all have the same checksums.
import { md5 } from "./md5";
import { partsOf } from "./plan";
import type { Video } from "./transport";

export interface KnownFilm {
  video: Video;
  part_size: number;
  etags: string[];
}

/** S3 and we name a part by its MD5 in hex. */
function hex(base64: string): string {
  return Array.from(atob(base64), (letter) => letter.charCodeAt(0).toString(16).padStart(2, "0")).join("");
}

/** The first of `films` that is this file, byte by byte. */
export async function sameFilm(file: File, films: KnownFilm[], signal: AbortSignal): Promise<Video | null> {
  for (const film of films) if (await agrees(file, film, signal)) return film.video;
  return null;
}

/** Those that begin as this file does: a film of another content is told by its first part, in a moment. */
export async function likeFilms(file: File, films: KnownFilm[], signal: AbortSignal): Promise<KnownFilm[]> {
  const found: KnownFilm[] = [];
  for (const film of films) if (await agrees(file, film, signal, 1)) found.push(film);
  return found;
}

/** `most`: so many parts are compared. */
async function agrees(file: File, film: KnownFilm, signal: AbortSignal, most = Infinity): Promise<boolean> {
  const parts = partsOf(file.size, film.part_size);
  if (parts.length !== film.etags.length) return false;
  for (const { number, start, end } of parts.slice(0, most)) {
    if (signal.aborted) return false;
    const bytes = new Uint8Array(await file.slice(start, end).arrayBuffer());
    if (hex(md5(bytes)) !== film.etags[number - 1]) return false;
  }
  return true;
}
