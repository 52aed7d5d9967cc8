import { beforeEach, describe, expect, it, vi } from "vitest";
import { isFilm, nameRefusal, refusalOf } from "../../../frontend/studio/upload/checks";
import { sameFilm, type KnownFilm } from "../../../frontend/studio/upload/known";
import { UploadMemory } from "../../../frontend/studio/upload/memory";
import { backoff, fingerprint, missingParts, partsOf, Speed } from "../../../frontend/studio/upload/plan";
import { Sender, type Shown } from "../../../frontend/studio/upload/sender";
import { Failure, failureOf, ofPart, type Transport, type Upload } from "../../../frontend/studio/upload/transport";
import { Turns } from "../../../frontend/studio/upload/turns";
import { bytes, say, span } from "../../../frontend/studio/upload/words";

describe("a file's parts", () => {
  it("cover the file without gap or overlap", () => {
    expect(partsOf(10, 4)).toEqual([
      { number: 1, start: 0, end: 4 }, { number: 2, start: 4, end: 8 }, { number: 3, start: 8, end: 10 },
    ]);
    expect(partsOf(8, 4)).toHaveLength(2);
  });

  it("are missing when the server has none or one of another size", () => {
    const listed = [{ number: 1, size: 4, etag: "a" }, { number: 2, size: 3, etag: "b" }];
    expect(missingParts(partsOf(10, 4), listed).map((part) => part.number)).toEqual([2, 3]);
  });
});

describe("an estimate", () => {
  it("counts the last seconds only", () => {
    const speed = new Speed(4000);
    expect(speed.secondsFor(100)).toBeNull();
    for (let second = 0; second <= 10; second += 1) speed.add(second < 5 ? 0 : (second - 5) * 1000, second * 1000);
    expect(speed.bytesPerSecond).toBeGreaterThan(900);
    expect(speed.secondsFor(5000)).toBeLessThan(6);
  });

  it("begins anew when a part is sent again", () => {
    const speed = new Speed();
    speed.add(5000, 0);
    speed.add(1000, 1000);
    expect(speed.bytesPerSecond).toBe(0);
  });

  it("waits longer after each failure, and never beyond half a minute", () => {
    expect(backoff(1, 1)).toBe(1000);
    expect(backoff(3, 1)).toBe(4000);
    expect(backoff(40, 1)).toBe(30_000);
    expect(backoff(2, 0)).toBe(1000);
  });
});

describe("a file before it is sent", () => {
  const limits = { maxBytes: 100, suffixes: ["mp4", "mkv"] };

  it("is refused by its name and its size", () => {
    expect(nameRefusal({ name: "a.txt", size: 5 }, limits)).toBe("notAFilm");
    expect(nameRefusal({ name: "a.MP4", size: 0 }, limits)).toBe("empty");
    expect(nameRefusal({ name: "a.mp4", size: 101 }, limits)).toBe("tooLarge");
    expect(nameRefusal({ name: "a.b.mkv", size: 100 }, limits)).toBeNull();
  });

  it("is a film by its first bytes", () => {
    const ascii = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
    expect(isFilm(ascii("\0\0\0\x18ftypisom"))).toBe(true);
    expect(isFilm(ascii("RIFF1234AVI LIST"))).toBe(true);
    expect(isFilm(Uint8Array.from([0x1a, 0x45, 0xdf, 0xa3]))).toBe(true);
    expect(isFilm(ascii("#EXTM3U\n#EXT-X"))).toBe(false);
    const packets = new Uint8Array(188 * 5);
    [0, 1, 2, 3, 4].forEach((at) => { packets[at * 188] = 0x47; });
    expect(isFilm(packets)).toBe(true);
  });

  it("named as a film but filled with text is refused", async () => {
    expect(await refusalOf(new File(["no film at all"], "a.mp4"), limits)).toBe("notAFilm");
  });
});

describe("the memory of uploads", () => {
  it("finds a file again by name, size and time, and forgets what ended", () => {
    const memory = new UploadMemory(window.localStorage);
    const print = fingerprint({ name: "a.mp4", size: 5, lastModified: 9 });
    memory.keep(print, "u1");
    expect(new UploadMemory(window.localStorage).find(print)).toBe("u1");
    expect(memory.find(fingerprint({ name: "a.mp4", size: 5, lastModified: 8 }))).toBeUndefined();
    memory.forget("u1");
    expect(memory.find(print)).toBeUndefined();
  });

  it("survives a storage that is full or holds nonsense", () => {
    const broken = { getItem: () => "{nonsense", setItem: () => { throw new Error("full"); } };
    const memory = new UploadMemory(broken);
    memory.keep("a", "b");
    expect(memory.find("a")).toBeUndefined();
  });
});

class Shop implements Transport {
  here = new Map<number, { size: number; etag: string }>();
  puts: number[] = [];
  calls: string[] = [];
  trouble: (number: number) => Failure | null = () => null;
  upload: Upload = { id: "u1", name: "a.mp4", size: 10, part_size: 4, received: 0, is_open: true, video: { id: "v1", name: "a.mp4" } };
  async create() { this.calls.push("create"); return this.upload; }
  async find(id: string) { this.calls.push("find"); return id === this.upload.id ? this.upload : null; }
  async list() { return [...this.here].map(([number, part]) => ({ number, ...part })); }
  async put(_id: string, number: number, blob: Blob, onProgress: (sent: number) => void, signal: AbortSignal) {
    await Promise.resolve();
    if (signal.aborted) throw new Failure(true, 0);
    this.puts.push(number);
    const trouble = this.trouble(number);
    if (trouble) throw trouble;
    onProgress(blob.size);
    this.here.set(number, { size: blob.size, etag: `e${number}` });
    return `e${number}`;
  }
  async complete(_id: string, parts: { number: number; etag: string }[]) {
    this.calls.push(`complete ${parts.map((part) => part.etag).join()}`);
    return this.upload.video;
  }
  async abort() { this.calls.push("abort"); }
  async attach(target: string, video: { id: string }) { this.calls.push(`attach ${target} ${video.id}`); }
  async open() { return []; }
  films: KnownFilm[] = [];
  async known() { return this.films; }
}

describe("a sender", () => {
  const file = new File(["0123456789"], "a.mp4", { lastModified: 7 });
  let shop: Shop;
  let shown: Shown[];
  let memory: UploadMemory;
  const sender = (target = "") => new Sender({
    file, target, transport: shop, memory, turns: new Turns(), onChange: (one) => shown.push(one), sleep: async () => {}, now: () => 0,
  });

  beforeEach(() => {
    localStorage.clear();
    shop = new Shop();
    shown = [];
    memory = new UploadMemory(localStorage);
  });

  it("attaches the film before its first byte and sends every part once", async () => {
    await sender("/lesson/").run();
    expect(shop.calls).toEqual(["create", "attach /lesson/ v1", "complete e1,e2,e3"]);
    expect([...shop.puts].sort()).toEqual([1, 2, 3]);
    expect(shown.at(-1)).toMatchObject({ state: "done", sent: 10, size: 10 });
    expect(memory.find(fingerprint(file))).toBeUndefined();
  });

  it("goes on after a reload with the parts that are missing, and attaches nothing again", async () => {
    memory.keep(fingerprint(file), "u1");
    shop.here.set(1, { size: 4, etag: "e1" }).set(2, { size: 3, etag: "broken" });
    await sender("/lesson/").run();
    expect(shop.calls).toEqual(["find", "complete e1,e2,e3"]);
    expect([...shop.puts].sort()).toEqual([2, 3]);
    expect(shown.at(-1)?.isResumed).toBe(true);
  });

  it("begins anew when the remembered upload is closed", async () => {
    memory.keep(fingerprint(file), "u1");
    shop.upload.is_open = false;
    await sender().run();
    expect(shop.calls.slice(0, 2)).toEqual(["find", "create"]);
  });

  it("tries again what may pass, and says so meanwhile", async () => {
    let failures = 2;
    shop.trouble = (number) => (number === 2 && failures-- > 0 ? new Failure(true, 503) : null);
    await sender().run();
    expect(shop.puts.filter((number) => number === 2)).toHaveLength(3);
    expect(shown.some((one) => one.state === "offline")).toBe(true);
    expect(shown.at(-1)?.state).toBe("done");
  });

  it("stops at a refusal, with the server's sentence, and sends no other part", async () => {
    shop.trouble = () => new Failure(false, 415, "This is not a film.");
    await sender().run();
    expect(shop.puts).toEqual([1]);
    expect(shown.at(-1)).toMatchObject({ state: "failed", detail: "This is not a film." });
  });

  it("pauses between parts and goes on without sending one twice", async () => {
    const one = sender();
    shop.trouble = (number) => { if (number === 1) one.pause(); return null; };
    await one.run();
    expect(one.state).toBe("paused");
    shop.trouble = () => null;
    await one.run();
    expect(one.state).toBe("done");
    expect([...shop.puts].sort()).toEqual([1, 2, 3]);
  });

  it("taken back, removes what has arrived", async () => {
    const one = sender();
    shop.trouble = (number) => { if (number === 1) void one.cancel(); return null; };
    await one.run();
    await vi.waitFor(() => expect(shop.calls).toContain("abort"));
    expect(one.state).toBe("cancelled");
    expect(shop.calls.some((call) => call.startsWith("complete"))).toBe(false);
  });

  it("taken back while it begins, leaves nothing begun", async () => {
    const one = sender();
    const { create } = shop;
    shop.create = async () => { void one.cancel(); return create.call(shop); };
    await one.run();
    expect(shop.calls).toEqual(["create", "abort"]);
    expect([one.state, shop.puts, memory.find(fingerprint(file))]).toEqual(["cancelled", [], undefined]);
  });

  it("whose upload was ended elsewhere, says so and begins anew when it is tried again", async () => {
    const one = sender();
    shop.trouble = (number) => (number === 2 ? new Failure(false, 409, "This upload has ended.", "upload_closed") : null);
    await one.run();
    expect(shown.at(-1)).toMatchObject({ state: "failed", detail: "This upload has ended." });
    shop.trouble = () => null;
    shop.here.clear();
    await one.run();
    expect(shop.calls.filter((call) => call === "create")).toHaveLength(2);
    expect(one.state).toBe("done");
  });
});

describe("a file that was sent before", () => {
  const file = new File(["0123456789"], "a.mp4", { lastModified: 7 });
  // The MD5 of 0123, 4567 and 89.
  const etags = ["eb62f6b9306db575c2d596b1279627a4", "6562c5c1f33db6e05a082a88cddab5ea", "7647966b7343c29048673252e490f736"];
  const film = (id: string, sums: string[]): KnownFilm => ({ video: { id, name: `${id}.mp4` }, part_size: 4, etags: sums });
  const never = new AbortController().signal;
  let shop: Shop;
  let shown: Shown[];
  const sender = (target = "") => new Sender({
    file, target, transport: shop, memory: new UploadMemory(localStorage), turns: new Turns(), onChange: (one) => shown.push(one),
  });

  beforeEach(() => {
    localStorage.clear();
    shop = new Shop();
    shop.films = [film("other", ["x", ...etags.slice(1)]), film("mine", etags)];
    shown = [];
  });

  it("is known by every part, not by its size or its beginning", async () => {
    expect((await sameFilm(file, shop.films, never))?.id).toBe("mine");
    expect(await sameFilm(file, [film("end", [...etags.slice(0, 2), "x"])], never)).toBeNull();
    expect(await sameFilm(file, [film("short", etags.slice(0, 2))], never)).toBeNull();
  });

  it("is not sent before she says so, and what is here takes its place", async () => {
    const one = sender("/lesson/");
    await one.run();
    expect(shown.at(-1)).toMatchObject({ state: "known", video: { id: "mine" } });
    expect(shop.calls).toEqual([]);
    await one.useKnown();
    expect(shop.calls).toEqual(["attach /lesson/ mine"]);
    expect(one.state).toBe("used");
  });

  it("is sent again where she wants that", async () => {
    const one = sender();
    await one.run();
    one.sendAnyway();
    await one.run();
    expect([one.state, shop.calls[0], shop.puts.length]).toEqual(["done", "create", 3]);
  });

  it("is told when the lesson does not take it", async () => {
    shop.attach = async () => { throw new Failure(false, 409, "This version is under review."); };
    const one = sender("/lesson/");
    await one.run();
    await one.useKnown();
    expect(shown.at(-1)).toMatchObject({ state: "failed", detail: "This version is under review." });
  });

  it("keeps its place before the next one, however long it is looked for", async () => {
    const turns = new Turns();
    const begun: string[] = [];
    shop.films = [];
    const next = (name: string, ms: number) => {
      const one = new Shop();
      one.known = () => new Promise((resolve) => { setTimeout(() => resolve([]), ms); });
      one.create = async () => { begun.push(name); return one.upload; };
      const own = new File([name], name, { lastModified: 7 });
      return new Sender({ file: own, target: "", transport: one, memory: new UploadMemory(localStorage), turns, onChange: () => undefined });
    };
    await Promise.all([next("first", 30).run(), next("second", 0).run()]);
    expect(begun).toEqual(["first", "second"]);
  });

  /** A file whose first part is read at once, and the rest when `rest` says so. */
  const slow = (rest: Promise<void>) => {
    const one = new File(["0123456789"], "long.mp4", { lastModified: 7 });
    const slice = one.slice.bind(one);
    one.slice = (start?: number, end?: number) => {
      const part = slice(start, end);
      const read = part.arrayBuffer.bind(part);
      if (start) part.arrayBuffer = () => rest.then(read);
      return part;
    };
    return one;
  };
  const together = async (films: KnownFilm[]) => {
    const turns = new Turns();
    const begun: string[] = [];
    const asked: string[] = [];
    let readOn = () => {};
    const rest = new Promise<void>((resolve) => { readOn = resolve; });
    const dropped = (own: File, here: KnownFilm[]) => {
      const one = new Shop();
      one.known = async () => { asked.push(own.name); return here; };
      one.create = async () => { begun.push(own.name); return one.upload; };
      return new Sender({ file: own, target: "", transport: one, memory: new UploadMemory(localStorage), turns, onChange: () => undefined });
    };
    const long = dropped(slow(rest), films);
    const running = [long.run(), dropped(new File(["new"], "new.mp4"), []).run()];
    expect(asked).toEqual(["long.mp4", "new.mp4"]); // side by side
    await running[1];
    const meanwhile = [...begun];
    readOn();
    await running[0];
    return { long, meanwhile, begun };
  };

  it("lets the next ones begin while it is read to its end", async () => {
    const { long, meanwhile, begun } = await together([film("mine", etags)]);
    expect(meanwhile).toEqual(["new.mp4"]);
    expect([long.state, begun]).toEqual(["known", ["new.mp4"]]);
  });

  it("in its beginning alone, is sent all the same", async () => {
    const { long, begun } = await together([film("end", [...etags.slice(0, 2), "x"])]);
    expect([long.state, begun]).toEqual(["done", ["new.mp4", "long.mp4"]]);
  });

  it("is looked for again when that failed for a reason that may pass", async () => {
    let failures = 1;
    shop.known = async () => { if (failures-- > 0) throw new Failure(true, 503); return shop.films; };
    const one = new Sender({
      file, target: "", transport: shop, memory: new UploadMemory(localStorage), turns: new Turns(), onChange: (now) => shown.push(now),
      sleep: async () => {},
    });
    await one.run();
    expect(shown.some((now) => now.state === "offline")).toBe(true);
    expect([one.state, shop.calls]).toEqual(["known", []]);
  });

  it("is not begun when it was paused while it waited for its turn", async () => {
    const turns = new Turns();
    let go = () => {};
    void turns.take(() => new Promise<void>((resolve) => { go = resolve; }));
    shop.films = [];
    const one = new Sender({ file, target: "", transport: shop, memory: new UploadMemory(localStorage), turns, onChange: () => undefined });
    const running = one.run();
    await Promise.resolve();
    one.pause();
    go();
    await running;
    expect([one.state, shop.calls]).toEqual(["paused", []]);
  });

  it("goes on when it was begun and not ended, and asks nothing", async () => {
    new UploadMemory(localStorage).keep(fingerprint(file), "u1");
    const one = sender();
    await one.run();
    expect([one.state, shop.calls[0]]).toEqual(["done", "find"]);
  });
});

describe("words", () => {
  it("are written as the reader's language does", () => {
    document.documentElement.lang = "en";
    expect(bytes(3_140_000)).toBe("3.1 MB");
    expect(span(12.2)).toBe("13 sec");
    expect(span(600)).toBe("10 min");
    const box = document.createElement("div");
    box.setAttribute("data-say-left", "{time} left");
    expect(say(box, "left", { time: "12 s" })).toBe("12 s left");
    expect(say(box, "none")).toBe("");
  });

  it("of a refusal are the server's own, and tell whether it may pass", () => {
    expect(failureOf(400, { errors: { size: ["Too large."] }, detail: "x" })).toMatchObject({ passing: false, detail: "Too large." });
    expect([0, 408, 429, 500, 503].every((status) => failureOf(status, {}).passing)).toBe(true);
    expect([400, 403, 404, 409, 415, 507].some((status) => failureOf(status, {}).passing)).toBe(false);
  });

  it("of a part that was damaged on its way may pass, whoever keeps it", () => {
    const s3 = (code: string) => `<?xml version="1.0"?><Error><Code>${code}</Code><Message>x</Message></Error>`;
    expect(ofPart(400, JSON.stringify({ code: "part_refused", detail: "Send it again." }))).toMatchObject({ passing: true });
    expect(ofPart(400, s3("BadDigest")).passing).toBe(true);
    expect(ofPart(403, s3("SignatureDoesNotMatch")).passing).toBe(false);
    expect(ofPart(400, JSON.stringify({ code: "not_a_film" })).passing).toBe(false);
  });
});
