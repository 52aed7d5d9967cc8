// Questions beside a lesson: asked without leaving the film, each a way to its second.
import { sendJson } from "../studio/api/send";
import { leadTo, nameThePlace, placeOf, secondOf, wrong } from "./places";
import { clock } from "./time";

interface Asked {
  title: string;
  at_s: number | null;
  url: string;
}

const box = document.querySelector<HTMLElement>("[data-questions]");
if (box) wire(box, document.querySelector<HTMLVideoElement>("lesson-player[data-keys=page] video"));

function wire(questions: HTMLElement, film: HTMLVideoElement | null): void {
  const part = <Part extends HTMLElement>(name: string) => questions.querySelector<Part>(`[data-part="${name}"]`);
  const form = part<HTMLFormElement>("ask");
  const trouble = part("trouble");
  const at = form?.querySelector<HTMLInputElement>("[name=at]");

  for (const row of questions.querySelectorAll<HTMLElement>("ul [data-question]")) attend(row);

  form?.querySelector("[name=title]")?.addEventListener("focus", () => nameThePlace(at, film));
  form?.addEventListener("submit", async (event) => {
    event.preventDefault();
    const told = new FormData(form);
    const second = secondOf(at?.value ?? "");
    if (Number.isNaN(second)) return at?.focus();
    const named = form.querySelector<HTMLInputElement>("[name=is_named]")?.checked ?? true;
    const answer = await sendJson("POST", questions.dataset["api"] ?? "", {
      lesson: questions.dataset["lesson"], title: told.get("title"), text: told.get("text"), at_s: second, is_named: named,
    });
    delete form.dataset["sent"];
    if (trouble) trouble.textContent = answer?.ok ? "" : wrong(answer?.body, questions.dataset["offline"]);
    if (!answer?.ok) return;
    form.reset();
    show(answer.body as unknown as Asked);
  });

  function show(told: Asked): void {
    const row = part<HTMLTemplateElement>("blank")?.content.firstElementChild?.cloneNode(true) as HTMLElement | undefined;
    if (!row) return;
    row.dataset["at"] = told.at_s === null ? "" : String(told.at_s);
    const title = row.querySelector<HTMLAnchorElement>("a");
    const place = row.querySelector<HTMLAnchorElement>("[data-part=place]");
    if (title) Object.assign(title, { textContent: told.title, href: told.url });
    if (told.at_s === null) place?.remove();
    else if (place) {
      place.href = `?t=${told.at_s}#panel-questions`;
      place.querySelector("time")?.replaceChildren(clock(told.at_s));
    }
    part("none")?.remove();
    part("list")?.prepend(row);
    attend(row);
    title?.focus();
  }

  function attend(row: HTMLElement): void {
    leadTo(row.querySelector("[data-part=place]"), film, () => placeOf(row));
  }
}
