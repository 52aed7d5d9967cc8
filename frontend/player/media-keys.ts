// Answers for the keys of keyboards, headsets and lock screens: what plays, and what they do with it.

interface Acts {
  act(act: "play" | "back" | "forward"): void;
  seek(to: number): void;
  next: string | null;
}

export function offerMediaKeys(root: HTMLElement, video: HTMLVideoElement, acts: Acts): void {
  const session = navigator.mediaSession as MediaSession | undefined;
  if (!session) return;
  const name = () => {
    const poster = root.dataset["poster"];
    session.metadata = new MediaMetadata({
      title: root.dataset["title"] ?? document.title,
      album: document.title,
      artwork: poster ? [{ src: new URL(poster, location.href).href, sizes: "1280x720", type: "image/jpeg" }] : [],
    });
  };
  const on = (action: MediaSessionAction, run: MediaSessionActionHandler | null) => {
    try {
      session.setActionHandler(action, run);
    } catch {
      // This browser does not know the key.
    }
  };
  video.addEventListener("play", () => {
    name();
    on("play", () => video.paused && acts.act("play"));
    on("pause", () => !video.paused && acts.act("play"));
    on("seekbackward", () => acts.act("back"));
    on("seekforward", () => acts.act("forward"));
    on("seekto", (told) => told.seekTime !== undefined && acts.seek(told.seekTime));
    on("nexttrack", acts.next ? () => location.assign(acts.next as string) : null);
    session.playbackState = "playing";
  });
  video.addEventListener("pause", () => (session.playbackState = "paused"));
  video.addEventListener("timeupdate", () => {
    if (!Number.isFinite(video.duration) || video.duration <= 0) return;
    const position = Math.min(video.currentTime, video.duration);
    session.setPositionState?.({ duration: video.duration, position, playbackRate: video.playbackRate || 1 });
  });
}
