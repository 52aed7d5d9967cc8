import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { waitFor } from "../../../frontend/player/preview";

const state = vi.hoisted(() => ({ plays: 0, loads: 0, fails: false }));
vi.mock("../../../frontend/player/element", () => {
  state.loads += 1;
  return {};
});

function put(): HTMLElement {
  document.body.innerHTML = `<div class="player" data-waits><video controls></video>
    <img class="player__poster" alt=""><button class="player__big" hidden></button><div data-part="wait" hidden></div></div>`;
  const player = document.querySelector(".player") as HTMLElement;
  Object.assign(player, {
    play: async () => {
      if (state.fails) throw new Error("no line");
      state.plays += 1;
    },
  });
  waitFor(player);
  return player;
}

const settle = () => new Promise((done) => setTimeout(done, 20));

beforeEach(() => Object.assign(state, { plays: 0, fails: false }));
afterEach(() => void (document.body.innerHTML = ""));

test("a film that waits shows a button and no controls of the browser's, and fetches nothing", async () => {
  const player = put();
  await settle();
  expect(player.querySelector("video")?.controls).toBe(false);
  expect(player.querySelector<HTMLElement>(".player__big")?.hidden).toBe(false);
  expect(state.loads).toBe(0);
});

test("a press brings the player, and it plays", async () => {
  const player = put();
  player.querySelector<HTMLElement>(".player__big")?.click();
  await settle();
  expect([state.loads, state.plays]).toEqual([1, 1]);
  expect(player.querySelector<HTMLElement>("[data-part=wait]")?.hidden).toBe(true);
});

test("a player that is there answers for its own presses", async () => {
  const player = put();
  player.setAttribute("data-wired", "");
  player.click();
  await settle();
  expect(state.plays).toBe(0);
});

test("the keyboard reaches it, and goes on at the player's own button", async () => {
  const player = put();
  const big = player.querySelector<HTMLElement>(".player__big") as HTMLElement;
  expect(big.tabIndex).toBe(0);
  player.insertAdjacentHTML("beforeend", '<button class="player__play"></button>');
  big.focus();
  player.dispatchEvent(new FocusEvent("focusin", { bubbles: true }));
  await settle();
  expect(big.tabIndex).toBe(-1);
  expect(document.activeElement).toBe(player.querySelector(".player__play"));
});

test("where nothing comes over the line, the browser's own player is given back", async () => {
  state.fails = true;
  const player = put();
  player.click();
  await settle();
  expect(player.querySelector("video")?.controls).toBe(true);
  expect(player.querySelector<HTMLElement>(".player__big")?.hidden).toBe(true);
});

test("the cover goes when the film has a picture of its own", () => {
  const player = put();
  player.querySelector("video")?.dispatchEvent(new Event("playing"));
  expect(player.querySelector(".player__poster")).toBeNull();
});
