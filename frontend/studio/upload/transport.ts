// The five calls of an upload, and the PUT of one part with progress. Failures are sorted by whether they may pass.
import { csrfToken, sendJson } from "../api/send";
import { md5 } from "./md5";
import type { KnownFilm } from "./known";
import type { ListedPart } from "./plan";

/** `passing` failures (no line, 5xx, 408, 429) are worth another try; `detail` and `code` are the server's own words. */
export class Failure extends Error {
  constructor(readonly passing: boolean, readonly status: number, readonly detail = "", readonly code = "") {
    super(detail || `status ${status}`);
  }
}

export interface Video {
  id: string;
  name: string;
}

export interface Upload {
  id: string;
  name: string;
  size: number;
  part_size: number;
  received: number;
  is_open: boolean;
  video: Video;
}

export interface Transport {
  create(file: File): Promise<Upload>;
  /** Own films of that many bytes. */
  known(size: number): Promise<KnownFilm[]>;
  find(id: string): Promise<Upload | null>;
  list(id: string): Promise<ListedPart[]>;
  put(id: string, number: number, bytes: Blob, onProgress: (sent: number) => void, signal: AbortSignal): Promise<string>;
  complete(id: string, parts: { number: number; etag: string }[]): Promise<Video>;
  abort(id: string): Promise<void>;
  attach(target: string, video: Video): Promise<void>;
  open(): Promise<Upload[]>;
}

const STALLED_MS = 90_000;

export class HttpTransport implements Transport {
  constructor(private readonly uploads: string) {}

  async create(file: File): Promise<Upload> {
    return this.call<Upload>("POST", this.uploads, { name: file.name, size: file.size, type: file.type });
  }

  async known(size: number): Promise<KnownFilm[]> {
    return this.call<KnownFilm[]>("GET", `${this.uploads}known/?size=${size}`);
  }

  async find(id: string): Promise<Upload | null> {
    try {
      return await this.call<Upload>("GET", `${this.uploads}${id}/`);
    } catch (error) {
      if (error instanceof Failure && error.status === 404) return null;
      throw error;
    }
  }

  async list(id: string): Promise<ListedPart[]> {
    return this.call<ListedPart[]>("GET", `${this.uploads}${id}/parts/`);
  }

  async put(
    id: string, number: number, bytes: Blob, onProgress: (sent: number) => void, signal: AbortSignal,
  ): Promise<string> {
    const checksum = md5(new Uint8Array(await bytes.arrayBuffer()));
    const signed = await this.call<{ url: string; headers: Record<string, string> }>(
      "POST", `${this.uploads}${id}/parts/${number}/sign/`, { md5: checksum },
    );
    return putBytes(signed.url, signed.headers, bytes, onProgress, signal);
  }

  async complete(id: string, parts: { number: number; etag: string }[]): Promise<Video> {
    return this.call<Video>("POST", `${this.uploads}${id}/complete/`, { parts });
  }

  async abort(id: string): Promise<void> {
    await this.call("DELETE", `${this.uploads}${id}/`);
  }

  async attach(target: string, video: Video): Promise<void> {
    await this.call("POST", target, { video: video.id, name: video.name });
    document.dispatchEvent(new CustomEvent("film:attached", { detail: video }));
  }

  async open(): Promise<Upload[]> {
    return (await this.call<{ results: Upload[] }>("GET", this.uploads)).results;
  }

  private async call<Answer>(method: string, url: string, body?: unknown): Promise<Answer> {
    const sent = method === "GET" || method === "DELETE" ? await plain(method, url) : await sendJson(method, url, body);
    if (sent?.ok) return sent.body as Answer;
    throw failureOf(sent?.status ?? 0, sent?.body ?? {});
  }
}

async function plain(method: string, url: string): Promise<{ ok: boolean; status: number; body: Record<string, unknown> } | null> {
  try {
    const headers = { Accept: "application/json", "X-CSRFToken": csrfToken() };
    const answer = await fetch(url, { method, headers, credentials: "same-origin" });
    const body = (await answer.json().catch(() => ({}))) as Record<string, unknown>;
    return { ok: answer.ok, status: answer.status, body };
  } catch {
    return null;
  }
}

function putBytes(
  url: string, headers: Record<string, string>, bytes: Blob, onProgress: (sent: number) => void, signal: AbortSignal,
): Promise<string> {
  // fetch cannot tell how much of a body is sent.
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    let stalled = 0;
    const watch = () => {
      window.clearTimeout(stalled);
      stalled = window.setTimeout(() => request.abort(), STALLED_MS);
    };
    const stop = () => request.abort();
    signal.addEventListener("abort", stop);
    request.open("PUT", url);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.addEventListener("progress", (event) => {
      watch();
      onProgress(event.loaded);
    });
    request.addEventListener("loadend", () => {
      window.clearTimeout(stalled);
      signal.removeEventListener("abort", stop);
      const etag = request.getResponseHeader("ETag");
      if (request.status >= 200 && request.status < 300 && etag) resolve(etag);
      else reject(ofPart(request.status, request.responseText));
    });
    watch();
    request.send(bytes);
  });
}

/** A part that was damaged on its way is sent again as after a cut line: by our name for it, or S3's. */
export function ofPart(status: number, text: string): Failure {
  const told = failureOf(status, parsed(text));
  const isDamaged = told.code === "part_refused" || /<Code>(BadDigest|IncompleteBody)</.test(text);
  return isDamaged ? new Failure(true, status, told.detail, told.code) : told;
}

function parsed(text: string): Record<string, unknown> {
  try {
    return (JSON.parse(text) ?? {}) as Record<string, unknown>;
  } catch {
    return {};
  }
}

export function failureOf(status: number, body: Record<string, unknown>): Failure {
  const errors = body.errors as Record<string, unknown> | undefined;
  const first = errors ? Object.values(errors).flat(3)[0] : undefined;
  const passing = status === 0 || status === 408 || status === 429 || (status >= 500 && status !== 507);
  return new Failure(passing, status, String(first ?? body.detail ?? ""), String(body.code ?? ""));
}
