// What the machine noticed of a film, beside its player: a time leads there.

document.addEventListener("click", (event) => {
  const place = (event.target as Element).closest<HTMLElement>(".findings [data-at]");
  const video = document.querySelector<HTMLVideoElement>("lesson-player video");
  if (!place || !video) return;
  const player = video.closest("lesson-player") as (HTMLElement & { play?: () => Promise<void> }) | null;
  video.scrollIntoView({ block: "center" });
  void player?.play?.().then(() => (video.currentTime = Number(place.dataset["at"])));
});

export {};
