// Suggestions below a search box while somebody writes: a combobox with a listbox, as ARIA's patterns have it. Nothing is
// asked while an input method composes signs, and nothing of what was written is kept.

interface Suggestion {
  text: string;
  kind: "words" | "course" | "skill" | "creator" | "institution";
  url: string;
}

const WAIT_MS = 120;
const COMPOSED = 229;
// Those that say beside their name what they are, in the order of the form's labels.
const KINDS = ["skill", "creator", "institution"];
let number = 0;

/** The place to which a key moves in a list of `length`; -1 is the box itself. */
export function moved(at: number, key: string, length: number): number {
  if (key === "ArrowDown") return at + 1 < length ? at + 1 : -1;
  return at < 0 ? length - 1 : at - 1;
}

export class Suggestions {
  readonly #input: HTMLInputElement;
  readonly #form: HTMLFormElement;
  readonly #list: HTMLUListElement;
  readonly #labels: string[];
  #shown: Suggestion[] = [];
  #at = -1;
  #written = "";
  #timer = 0;
  #asking: AbortController | null = null;
  #isComposing = false;

  constructor(input: HTMLInputElement, form: HTMLFormElement) {
    this.#input = input;
    this.#form = form;
    this.#labels = (form.dataset["suggestKinds"] ?? "").split("|");
    this.#list = document.createElement("ul");
    this.#list.id = `suggestions-${++number}`;
    this.#list.className = "suggestions";
    this.#list.setAttribute("role", "listbox");
    this.#list.setAttribute("aria-label", form.dataset["suggestLabel"] ?? "");
    this.#list.hidden = true;
    form.append(this.#list);
    const facts = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.#list.id };
    for (const [name, value] of Object.entries(facts)) input.setAttribute(name, value);
  }

  start(): void {
    this.#input.addEventListener("compositionstart", () => {
      this.#isComposing = true;
      // Neither what stands below nor what is on its way answers what is being composed.
      this.#asking?.abort();
      this.#close();
    });
    this.#input.addEventListener("compositionend", () => {
      this.#isComposing = false;
      this.#askSoon();
    });
    this.#input.addEventListener("input", (event) => {
      // Composing may have begun before this was loaded.
      if (this.#isComposing || (event as InputEvent).isComposing) window.clearTimeout(this.#timer);
      else this.#askSoon();
    });
    this.#input.addEventListener("keydown", (event) => this.#onKey(event));
    this.#input.addEventListener("blur", () => this.#close());
    // The box would lose the focus, and with it the list, before the click.
    this.#list.addEventListener("mousedown", (event) => event.preventDefault());
    this.#list.addEventListener("click", (event) => {
      const option = (event.target as Element).closest("[role=option]");
      if (option) this.#go(this.#shown[Number(option.getAttribute("data-at"))]);
    });
    // What was written while this was being loaded.
    if (this.#input.value !== this.#input.defaultValue) this.#askSoon();
  }

  #askSoon(): void {
    window.clearTimeout(this.#timer);
    this.#asking?.abort();
    this.#written = this.#input.value;
    if (!this.#written.trim()) return this.#close();
    this.#timer = window.setTimeout(() => void this.#ask(this.#written), WAIT_MS);
  }

  async #ask(text: string): Promise<void> {
    this.#asking = new AbortController();
    const address = `${this.#form.dataset["suggest"]}?${new URLSearchParams({ q: text.slice(0, 80) })}`;
    try {
      const answer = await fetch(address, { signal: this.#asking.signal });
      if (!answer.ok) return this.#close();
      const { suggestions } = (await answer.json()) as { suggestions: Suggestion[] };
      if (document.activeElement === this.#input && this.#written === text && !this.#isComposing) this.#show(suggestions);
    } catch {
      // Written on meanwhile, or no network: the box works without suggestions.
      if (this.#written === text) this.#close();
    }
  }

  #show(suggestions: Suggestion[]): void {
    this.#shown = suggestions;
    this.#at = -1;
    this.#input.removeAttribute("aria-activedescendant");
    this.#list.replaceChildren(
      ...suggestions.map(({ text, kind }, at) => {
        const option = document.createElement("li");
        option.id = `${this.#list.id}-${at}`;
        option.textContent = text;
        option.className = `suggestions__${kind}`;
        const label = this.#labels[KINDS.indexOf(kind)];
        if (label) {
          const told = document.createElement("span");
          told.className = "suggestions__kind";
          told.textContent = label;
          option.append(" ", told);
        }
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        option.setAttribute("data-at", String(at));
        return option;
      }),
    );
    this.#list.hidden = suggestions.length === 0;
    this.#input.setAttribute("aria-expanded", String(suggestions.length > 0));
  }

  #close(): void {
    window.clearTimeout(this.#timer);
    this.#show([]);
  }

  #onKey(event: KeyboardEvent): void {
    // Safari tells of the Enter that ends composing when composing is over: only its code says whose it is.
    if (event.isComposing || event.keyCode === COMPOSED || this.#list.hidden) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      this.#select(moved(this.#at, event.key, this.#shown.length));
    } else if (event.key === "Enter" && this.#at >= 0) {
      event.preventDefault();
      this.#go(this.#shown[this.#at]);
    } else if (event.key === "Escape") {
      event.preventDefault();
      this.#input.value = this.#written;
      this.#close();
    } else if (event.key === "Tab") this.#close();
  }

  #select(at: number): void {
    this.#at = at;
    [...this.#list.children].forEach((option, place) => option.setAttribute("aria-selected", String(place === at)));
    const chosen = this.#shown[at];
    this.#input.value = chosen?.kind === "words" ? chosen.text : this.#written;
    if (chosen) this.#input.setAttribute("aria-activedescendant", `${this.#list.id}-${at}`);
    else this.#input.removeAttribute("aria-activedescendant");
  }

  #go(chosen: Suggestion | undefined): void {
    if (chosen) window.location.assign(chosen.url);
  }
}
