import { expect, it, vi } from "vitest";

import { openFor } from "../../frontend/app/fragment";

it("a closed section opens for the row in it that an address names, and for no other", () => {
  document.body.innerHTML = `<details id="far"><p id="lesson-1"></p></details><details><p id="lesson-2"></p></details>`;
  const [first, second] = [...document.querySelectorAll("details")] as [HTMLDetailsElement, HTMLDetailsElement];
  const seen = vi.spyOn(document.getElementById("lesson-2")!, "scrollIntoView").mockImplementation(() => undefined);
  for (const hash of ["", "#", "#nowhere", "#far"]) openFor(hash);
  expect([first.open, second.open]).toEqual([false, false]);
  openFor("#lesson-2");
  expect([first.open, second.open]).toEqual([false, true]);
  expect(seen).toHaveBeenCalledOnce();
});
