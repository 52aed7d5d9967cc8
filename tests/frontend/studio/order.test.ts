import { describe, expect, it } from "vitest";
import { moveLesson, moveSection, placeOf, sameOrder, type Order } from "../../../frontend/studio/curriculum/order";

const order: Order = [
  { section: 1, lessons: [11, 12] },
  { section: 2, lessons: [21] },
];

describe("a curriculum's order", () => {
  it("moves a lesson inside its section", () => {
    expect(moveLesson(order, 12, "up")).toEqual([{ section: 1, lessons: [12, 11] }, { section: 2, lessons: [21] }]);
  });

  it("moves a lesson over the edge into the neighbor section", () => {
    expect(moveLesson(order, 12, "down")).toEqual([{ section: 1, lessons: [11] }, { section: 2, lessons: [12, 21] }]);
    expect(moveLesson(order, 21, "up")).toEqual([{ section: 1, lessons: [11, 12, 21] }, { section: 2, lessons: [] }]);
  });

  it("stays as it is at both ends", () => {
    expect(sameOrder(moveLesson(order, 11, "up"), order)).toBe(true);
    expect(sameOrder(moveLesson(order, 21, "down"), order)).toBe(true);
    expect(sameOrder(moveSection(order, 1, "up"), order)).toBe(true);
  });

  it("moves a section with its lessons", () => {
    expect(moveSection(order, 2, "up")).toEqual([{ section: 2, lessons: [21] }, { section: 1, lessons: [11, 12] }]);
  });

  it("leaves the order that it was given alone", () => {
    moveLesson(order, 12, "down");
    expect(order[0]?.lessons).toEqual([11, 12]);
  });

  it("knows a lesson's place in words' numbers", () => {
    expect(placeOf(order, 12)).toEqual({ section: 1, position: 2, of: 2 });
    expect(placeOf(order, 99)).toBeNull();
  });
});
