// The order of a course's sections and lessons as data: what the API takes, and what one step up or down makes of it.

export interface SectionOrder {
  section: number;
  lessons: number[];
}
export type Order = SectionOrder[];
export type Direction = "up" | "down";

function copy(order: Order): Order {
  return order.map((each) => ({ section: each.section, lessons: [...each.lessons] }));
}

function swap<T>(list: T[], a: number, b: number): boolean {
  if (b < 0 || b >= list.length) return false;
  [list[a], list[b]] = [list[b] as T, list[a] as T];
  return true;
}

/** A lesson one step up or down; past the edge of its section it goes into the neighbor. The same order at the end. */
export function moveLesson(order: Order, lesson: number, direction: Direction): Order {
  const next = copy(order);
  const at = next.findIndex((each) => each.lessons.includes(lesson));
  const here = next[at];
  if (!here) return next;
  const place = here.lessons.indexOf(lesson);
  const step = direction === "up" ? -1 : 1;
  if (swap(here.lessons, place, place + step)) return next;
  const neighbor = next[at + step];
  if (!neighbor) return next;
  here.lessons.splice(place, 1);
  if (direction === "up") neighbor.lessons.push(lesson);
  else neighbor.lessons.unshift(lesson);
  return next;
}

export function moveSection(order: Order, section: number, direction: Direction): Order {
  const next = copy(order);
  const at = next.findIndex((each) => each.section === section);
  if (at >= 0) swap(next, at, at + (direction === "up" ? -1 : 1));
  return next;
}

export function sameOrder(a: Order, b: Order): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

export function placeOf(order: Order, lesson: number): { section: number; position: number; of: number } | null {
  for (const [index, each] of order.entries()) {
    const place = each.lessons.indexOf(lesson);
    if (place >= 0) return { section: index + 1, position: place + 1, of: each.lessons.length };
  }
  return null;
}
