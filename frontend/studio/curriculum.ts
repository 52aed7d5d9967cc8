// The curriculum: drag with a pointer, step with buttons, one request for the whole order, and words for screen readers.
import { sendJson } from "./api/send";
import { moveLesson, moveSection, placeOf, sameOrder, type Direction, type Order } from "./curriculum/order";

function readOrder(builder: HTMLElement): Order {
  return [...builder.querySelectorAll<HTMLElement>("[data-section]")].map((section) => ({
    section: Number(section.dataset.section),
    lessons: [...section.querySelectorAll<HTMLElement>("[data-lesson]")].map((row) => Number(row.dataset.lesson)),
  }));
}

function applyOrder(builder: HTMLElement, order: Order): void {
  for (const { section, lessons } of order) {
    const box = builder.querySelector<HTMLElement>(`[data-section="${section}"]`);
    const list = box?.querySelector("[data-lessons]");
    if (!box || !list) continue;
    box.parentElement?.append(box);
    for (const lesson of lessons) {
      const row = builder.querySelector(`[data-lesson="${lesson}"]`);
      if (row) list.append(row);
    }
  }
}

function sentence(builder: HTMLElement, key: string, facts: Record<string, string | number>): string {
  return (builder.dataset[key] ?? "").replace(/\{(\w+)\}/g, (_all, name: string) => String(facts[name] ?? ""));
}

class Curriculum {
  private saved: Order;
  private queue: Promise<void> = Promise.resolve();

  constructor(private readonly builder: HTMLElement) {
    this.saved = readOrder(builder);
    void this.wireDragging();
    builder.addEventListener("submit", (event) => this.onStep(event));
    // A film that was dropped is a lesson now, or one that was converted has its length: draw what the server has.
    for (const news of ["film:attached", "film:settled"]) document.addEventListener(news, () => void this.refresh());
  }

  private async refresh(): Promise<void> {
    const sections = this.builder.querySelector<HTMLElement>("[data-sections]");
    const typed = [...(sections?.querySelectorAll<HTMLInputElement>("input[name=title]") ?? [])];
    // Never under somebody's hands.
    if (!sections || typed.some((input) => input === document.activeElement || input.value !== input.defaultValue)) return;
    const answer = await fetch(window.location.href).catch(() => null);
    if (!answer?.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("[data-sections]");
    if (!fresh) return;
    sections.replaceChildren(...fresh.children);
    this.saved = readOrder(this.builder);
    await this.wireLessonDragging();
  }

  private say(words: string): void {
    const region = document.querySelector("[data-curriculum-says]");
    if (region) region.textContent = words;
  }

  /** Loaded on this page alone: dragging is a convenience, the buttons work without it. */
  private async wireDragging(): Promise<void> {
    const { default: Sortable } = await import("sortablejs");
    const onEnd = () => this.save();
    const sections = this.builder.querySelector<HTMLElement>("[data-sections]");
    if (sections) new Sortable(sections, { handle: "[data-section-handle]", animation: 120, onEnd });
    await this.wireLessonDragging();
  }

  private async wireLessonDragging(): Promise<void> {
    const { default: Sortable } = await import("sortablejs");
    const onEnd = () => this.save();
    for (const list of this.builder.querySelectorAll<HTMLElement>("[data-lessons]")) {
      new Sortable(list, { group: "lessons", handle: "[data-lesson-handle]", draggable: "[data-lesson]", animation: 120, onEnd });
    }
  }

  /** The up and down buttons are forms; with JavaScript they move the row in place and keep the focus. */
  private onStep(event: SubmitEvent): void {
    const button = event.submitter;
    if (!(button instanceof HTMLButtonElement) || button.name !== "direction") return;
    event.preventDefault();
    const direction = button.value as Direction;
    const lesson = button.closest<HTMLElement>("[data-lesson]");
    const section = button.closest<HTMLElement>("[data-section]");
    const before = readOrder(this.builder);
    const after = lesson
      ? moveLesson(before, Number(lesson.dataset.lesson), direction)
      : moveSection(before, Number(section?.dataset.section), direction);
    if (sameOrder(before, after)) return this.say(this.builder.dataset.atEnd ?? "");
    applyOrder(this.builder, after);
    button.focus();
    this.save(() => this.tell(after, lesson, section));
  }

  private tell(order: Order, lesson: HTMLElement | null, section: HTMLElement | null): string {
    const title = (lesson ?? section)?.dataset.title ?? "";
    if (!lesson) {
      const position = order.findIndex((each) => each.section === Number(section?.dataset.section)) + 1;
      return sentence(this.builder, "sectionMoved", { title, position, of: order.length });
    }
    return sentence(this.builder, "lessonMoved", { title, ...placeOf(order, Number(lesson.dataset.lesson)) });
  }

  /** One after the other: two orders on the wire could arrive the wrong way round. */
  private save(words?: () => string): void {
    this.queue = this.queue.then(async () => {
      const order = readOrder(this.builder);
      if (sameOrder(order, this.saved)) return;
      const answer = await sendJson("POST", this.builder.dataset.arrange ?? "", { order });
      if (answer?.ok) {
        this.saved = order;
        this.say(words?.() ?? this.builder.dataset.orderSaved ?? "");
        return;
      }
      applyOrder(this.builder, this.saved);
      this.say(String(answer?.body.detail ?? this.builder.dataset.orderFailed ?? ""));
    });
  }
}

document.querySelectorAll<HTMLElement>("[data-curriculum]").forEach((builder) => new Curriculum(builder));
