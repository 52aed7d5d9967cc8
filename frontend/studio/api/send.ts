// One JSON request to our own API as the person of this session.

export interface Sent {
  ok: boolean;
  status: number;
  body: Record<string, unknown>;
}

export function csrfToken(): string {
  return document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1]
    ?? document.querySelector<HTMLInputElement>("input[name=csrfmiddlewaretoken]")?.value
    ?? "";
}

/** null when no answer came at all. */
export async function sendJson(method: string, url: string, body: unknown): Promise<Sent | null> {
  let answer: Response;
  try {
    answer = await fetch(url, {
      method,
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": csrfToken() },
      body: JSON.stringify(body),
      credentials: "same-origin",
    });
  } catch {
    return null;
  }
  const parsed: unknown = await answer.json().catch(() => ({}));
  return { ok: answer.ok, status: answer.status, body: (parsed ?? {}) as Record<string, unknown> };
}
