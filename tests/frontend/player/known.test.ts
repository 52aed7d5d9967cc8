import { expect, test } from "vitest";
import { loaderKnowing } from "../../../frontend/player/known";

class Line {
  stats = { aborted: false, loaded: 0, total: 0, loading: { start: 0, first: 0, end: 0 } };
  static asked: string[] = [];
  load(context: { url: string }): void {
    Line.asked.push(context.url);
  }
}

function loader(): { load(context: object, config: object, callbacks: object): void; stats: Line["stats"] } {
  Line.asked = [];
  const Known = loaderKnowing({ DefaultConfig: { loader: Line } } as never, "/hls/t/master.m3u8", "#EXTM3U");
  return new Known({} as never) as never;
}

const here = new URL("/hls/t/master.m3u8", document.baseURI).href;

test("the list that the page brought is answered at once and asked for when it is wanted again", async () => {
  const one = loader();
  const told: unknown[] = [];
  one.load({ url: "/hls/t/master.m3u8" }, {}, { onSuccess: (answer: unknown) => told.push(answer) }); // as hls.js asks
  expect(told).toEqual([]);
  await Promise.resolve();
  expect(told).toEqual([{ url: here, data: "#EXTM3U" }]);
  expect(Line.asked).toEqual([]);
  one.load({ url: here }, {}, {});
  expect(Line.asked).toEqual([here]);
});

test("every other list is asked for, and what was given up is not answered", async () => {
  const one = loader();
  one.load({ url: here.replace("master", "v240/index") }, {}, {});
  expect(Line.asked).toHaveLength(1);
  const told: unknown[] = [];
  one.load({ url: here }, {}, { onSuccess: (answer: unknown) => told.push(answer) });
  one.stats.aborted = true;
  await Promise.resolve();
  expect(told).toEqual([]);
});
