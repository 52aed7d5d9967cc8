// The refund meter on a page with a film: drawn anew by the server while one watches, so that it shows what would be decided.
const EVERY_MS = 15_000;

let waiting: ReturnType<typeof setTimeout> | undefined;
let askedAt = 0;

document.addEventListener("lesson-progress", () => {
  waiting ??= setTimeout(() => void redraw(), Math.max(0, askedAt + EVERY_MS - Date.now()));
});

async function redraw(): Promise<void> {
  waiting = undefined;
  askedAt = Date.now();
  for (const meter of document.querySelectorAll<HTMLElement>("[data-refund-meter]")) {
    try {
      const answer = await fetch(meter.dataset["refundMeter"] ?? "", { cache: "no-store" });
      if (!answer.ok || answer.redirected) continue;
      const drawn = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-refund-meter]");
      if (drawn) meter.replaceWith(document.adoptNode(drawn));
    } catch {
      // The line is cut: the next report that gets through asks again.
    }
  }
}
