// Answers for the small pictures above the seek bar: their index is fetched when somebody first looks for a place.

export interface Picture {
  start: number;
  end: number;
  sheet: string;
  x: number;
  y: number;
  width: number;
  height: number;
}

const BLOCK = /(\d+):(\d{2}):(\d{2})\.(\d{3}) --> (\d+):(\d{2}):(\d{2})\.(\d{3})\n(\S+)#xywh=(\d+),(\d+),(\d+),(\d+)/g;

export function read(text: string): Picture[] {
  const seconds = (parts: (string | undefined)[]) => {
    const [hours = 0, minutes = 0, whole = 0, ms = 0] = parts.map(Number);
    return hours * 3600 + minutes * 60 + whole + ms / 1000;
  };
  return [...text.matchAll(BLOCK)].map((found) => {
    const [x = 0, y = 0, width = 0, height = 0] = found.slice(10, 14).map(Number);
    return { start: seconds(found.slice(1, 5)), end: seconds(found.slice(5, 9)), sheet: found[9] ?? "", x, y, width, height };
  });
}

export class Storyboard {
  #pictures: Picture[] = [];
  #isAsked = false;
  #hasTold = false;
  // Those that were asked for under this address.
  readonly #sheets = new Set<string>();
  // The second that was looked at last: its picture is drawn once the index is here.
  #second: number | undefined;

  constructor(
    private readonly place: HTMLElement | null,
    private address: string | undefined,
    /** Its address has grown too old, it seems: index or a sheet was refused. */
    private readonly onRefused: () => void = () => undefined,
  ) {}

  /** Under its fresh address the index is asked for again where it was refused, and so are its sheets. */
  renew(fresh: (address: string) => string): void {
    if (!this.address) return;
    this.address = fresh(this.address);
    this.#isAsked = this.#pictures.length > 0;
    this.#sheets.clear();
    if (this.#second !== undefined) this.show(this.#second);
  }

  /** Shows the picture of this second; nothing where there is none, or none yet. */
  show(second: number): void {
    this.#second = second;
    void this.#fetch();
    this.#draw(second);
  }

  #draw(second: number): void {
    const { place } = this;
    const picture = this.#pictures.find((one) => one.start <= second && second < one.end) ?? this.#pictures.at(-1);
    if (!place) return;
    place.hidden = !picture;
    if (!picture || !this.address) return;
    const sheet = new URL(picture.sheet, new URL(this.address, location.href)).href;
    this.#ask(sheet);
    const looks = {
      "background-image": `url("${sheet}")`,
      "background-position": `-${picture.x}px -${picture.y}px`,
      "inline-size": `${picture.width}px`,
      "block-size": `${picture.height}px`,
    };
    for (const [name, value] of Object.entries(looks)) place.style.setProperty(name, value);
  }

  async #fetch(): Promise<void> {
    if (this.#isAsked || !this.address) return;
    this.#isAsked = true;
    const answer = await fetch(this.address).catch(() => null);
    if (answer?.ok) {
      this.#hasTold = false;
      this.#pictures = read(await answer.text());
      if (this.#second !== undefined) this.#draw(this.#second);
      return;
    }
    this.#isAsked = answer !== null; // a cut line: the next look asks again
    if (answer?.status === 403) this.#refused();
  }

  /** A picture that is drawn says of no refusal. */
  #ask(sheet: string): void {
    if (this.#sheets.has(sheet)) return;
    this.#sheets.add(sheet);
    const asked = new Image();
    asked.addEventListener("load", () => (this.#hasTold = false));
    asked.addEventListener("error", () => this.#sheets.has(sheet) && this.#refused());
    asked.src = sheet;
  }

  /** Told once: what a fresh address does not mend is not worth a word, since the film plays on. */
  #refused(): void {
    if (this.#hasTold) return;
    this.#hasTold = true;
    this.onRefused();
  }
}
