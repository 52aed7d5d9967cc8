// Answers for loading hls.js: only when a film needs it, and with its worker as a file of our own origin.
import type Hls from "hls.js";
import workerUrl from "hls.js/dist/hls.worker.js?url";

/** Loads hls.js once. Its default worker is a blob, which our Content-Security-Policy refuses. */
export async function loadHls(): Promise<typeof Hls> {
  const { default: Player } = await import("hls.js");
  Player.DefaultConfig.workerPath = workerUrl;
  return Player;
}
