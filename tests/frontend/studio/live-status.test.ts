import { beforeEach, describe, expect, it, vi } from "vitest";
import { draw, isSettled, watchFilm, type Film } from "../../../frontend/studio/live-status";

const film = (changes: Partial<Film> = {}): Film => ({
  state: "transcoding", state_label: "Converting", percent: 40, failure: null, can_retry: false, can_pause: true, can_resume: false, can_cancel: true, look_url: null, poster_url: null,
  steps: [
    { code: "upload", label: "Upload", state: "done", percent: 100 },
    { code: "v240", label: "240p", state: "active", percent: 40 },
    { code: "ready", label: "Ready", state: "waiting", percent: 0 },
  ],
  ...changes,
});

let box: HTMLElement;
beforeEach(() => {
  document.documentElement.lang = "en";
  document.body.innerHTML = `<div data-film-status="/api/v1/videos/1/"><img data-poster hidden><span class="state"></span>
    <ol data-steps></ol><progress hidden></progress><p data-failure hidden></p><form data-can="retry" hidden></form></div>`;
  box = document.querySelector("[data-film-status]") as HTMLElement;
});

describe("the live status of a film", () => {
  it("shows each step and how far a rung is", () => {
    draw(box, film());
    const steps = [...box.querySelectorAll<HTMLElement>(".step")];
    expect(steps.map((step) => [step.dataset.state, step.textContent])).toEqual([
      ["done", "Upload"], ["now", "240p 40%"], ["todo", "Ready"],
    ]);
    expect(box.querySelector(".state")?.textContent).toBe("Converting");
    expect(box.querySelector("progress")?.hidden).toBe(false);
  });

  it("leaves steps alone that did not change", () => {
    draw(box, film());
    const first = box.querySelector(".step");
    draw(box, film({ percent: 41 }));
    expect(box.querySelector(".step")).toBe(first);
  });

  it("says why a film failed and offers another try", () => {
    draw(box, film({ state: "failed", failure: { code: "encoder_failed", text: "Try once more." }, can_retry: true }));
    expect(box.querySelector("[data-failure]")?.textContent).toBe("Try once more.");
    expect(box.querySelector<HTMLElement>("[data-failure]")?.hidden).toBe(false);
    expect(box.querySelector<HTMLElement>("[data-can=\"retry\"]")?.hidden).toBe(false);
  });

  it("offers to remove a film that nobody works on", () => {
    box.insertAdjacentHTML("beforeend", `<form data-can="remove" hidden></form>`);
    const remove = box.querySelector<HTMLElement>("[data-can=\"remove\"]");
    draw(box, film());
    expect(remove?.hidden).toBe(true);
    draw(box, film({ state: "cancelled" }));
    expect(remove?.hidden).toBe(false);
  });

  it("asks until the film is ready and tells the page once", async () => {
    vi.useFakeTimers();
    const answers = [film(), film({ state: "ready", poster_url: "/p.jpg" }), film()];
    const asked = vi.fn(async () => new Response(JSON.stringify(answers.shift()), { status: 200 }));
    vi.stubGlobal("fetch", asked);
    const heard = vi.fn();
    box.addEventListener("film:settled", heard);
    watchFilm(box);
    await vi.advanceTimersByTimeAsync(5000);
    expect(asked).toHaveBeenCalledTimes(2);
    expect(heard).toHaveBeenCalledOnce();
    expect(box.querySelector<HTMLImageElement>("[data-poster]")?.hidden).toBe(false);
    vi.unstubAllGlobals();
    vi.useRealTimers();
  });

  it("knows when a film is settled", () => {
    expect([isSettled({ state: "ready" }), isSettled({ state: "failed" }), isSettled({ state: "probing" })]).toEqual([true, true, false]);
  });
});
