import { expect, test } from "vitest";
import type { Interval } from "../../../frontend/player/intervals";
import { Replays } from "../../../frontend/player/replays";

class Film {
  readonly video = document.createElement("video");
  seconds: Interval[] = [];
  replays: Replays;

  constructor() {
    for (const name of ["currentTime", "seeking"]) {
      Object.defineProperty(this.video, name, { value: name === "seeking" ? false : 0, writable: true });
    }
    this.replays = new Replays(this.video, { all: () => this.seconds });
    this.replays.start();
    this.say("play");
  }

  say(what: string): void {
    this.video.dispatchEvent(new Event(what));
  }

  to(second: number, played: Interval[]): this {
    this.video.currentTime = second;
    this.seconds = played;
    this.say("timeupdate");
    return this;
  }

  jump(second: number): this {
    Object.assign(this.video, { seeking: true, currentTime: second });
    this.say("seeking");
    Object.assign(this.video, { seeking: false });
    this.say("seeked");
    return this;
  }
}

test("who plays on plays nothing again", () => {
  expect(new Film().to(10, [[0, 10]]).to(30, [[0, 30]]).replays.all()).toEqual([]);
});

test("who goes back plays again what she had played, up to where she was", () => {
  const film = new Film().to(20, [[0, 20]]).jump(12).to(15, [[0, 20]]);
  expect(film.replays.all()).toEqual([[12, 15]]);
  expect(film.to(26, [[0, 26]]).replays.all()).toEqual([[12, 20]]);
});

test("two returns are both there, and what is played for the third time stands once", () => {
  const film = new Film().to(40, [[0, 40]]).jump(10).to(15, [[0, 40]]).jump(30).to(34, [[0, 40]]).jump(11).to(14, [[0, 40]]);
  expect(film.replays.all()).toEqual([[10, 15], [30, 34]]);
});

test("a jump over what was never played is none, nor one that is a little off", () => {
  const film = new Film().to(20, [[0, 20]]).jump(19.5).to(24, [[0, 24]]).jump(50).to(60, [[0, 24], [50, 60]]);
  expect(film.replays.all()).toEqual([]);
});

test("another session begins without", () => {
  const film = new Film().to(20, [[0, 20]]).jump(12).to(15, [[0, 20]]);
  film.seconds = [];
  film.replays.begin();
  expect(film.to(19, []).replays.all()).toEqual([]);
});
