// On the lesson page: a film that has just been watched is marked in the curriculum, and the course's end is told at once.
import type { Progress } from "./reports";

document.addEventListener("lesson-progress", (event) => {
  const { is_done, is_course_complete } = (event as CustomEvent<Progress>).detail;
  if (!is_done) return;
  for (const part of document.querySelectorAll<HTMLElement>("[data-when='lesson-done']")) part.hidden = false;
  for (const part of document.querySelectorAll<HTMLElement>("[data-until='lesson-done']")) part.hidden = true;
  for (const part of document.querySelectorAll<HTMLElement>("[data-when='course-complete']")) {
    part.hidden = !is_course_complete;
  }
});
