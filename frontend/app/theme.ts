// Answers for the theme switch: the press shows at once, the page turns right after, and the server remembers the choice
// in its cookie.

function onSubmit(event: SubmitEvent): void {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || !form.matches("[data-theme-switch]")) return;
  const pressed = event.submitter;
  if (!(pressed instanceof HTMLButtonElement)) return;
  event.preventDefault();
  for (const button of form.querySelectorAll("button")) {
    button.setAttribute("aria-pressed", String(button === pressed));
  }
  afterNextPaint(() => applyTheme(pressed.value));
  void fetch(form.action, { method: "POST", body: new FormData(form, pressed), redirect: "manual", keepalive: true });
}

/** A whole page in other colors takes a slow phone a fifth of a second: the reader sees before that she was heard. */
function afterNextPaint(act: () => void): void {
  requestAnimationFrame(() => setTimeout(act));
}

/** "light" or "dark"; anything else follows the system. */
export function applyTheme(theme: string): void {
  const chosen = theme === "light" || theme === "dark";
  if (chosen) document.documentElement.dataset["theme"] = theme;
  else delete document.documentElement.dataset["theme"];
  document.querySelector('meta[name="color-scheme"]')?.setAttribute("content", chosen ? theme : "light dark");
}

document.addEventListener("submit", onSubmit);
