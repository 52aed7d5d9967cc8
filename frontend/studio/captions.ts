// Beside a film: the editor of its cues, and the button that writes its moment down.
import { clock } from "../player/time";

const form = document.querySelector<HTMLFormElement>("[data-caption-editor]");
if (form) void import("./captions/editor").then(({ CaptionEditor }) => new CaptionEditor(form).start());

for (const chapters of document.querySelectorAll<HTMLFormElement>("[data-chapters-form]")) {
  const video = document.querySelector<HTMLVideoElement>("lesson-player video");
  const button = chapters.querySelector<HTMLElement>("[data-act=chapter-here]");
  const text = chapters.querySelector("textarea");
  if (!video || !button || !text) continue;
  button.hidden = false;
  button.addEventListener("click", () => {
    const before = text.value.replace(/\s+$/, "");
    text.value = `${before}${before ? "\n" : ""}${clock(video.currentTime)} `;
    text.focus();
    text.setSelectionRange(text.value.length, text.value.length);
  });
}
