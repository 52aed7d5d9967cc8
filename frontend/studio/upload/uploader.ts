// One uploader of templates/videos/_uploader.html: files dropped or chosen, sent in parts, two at a time.
import { refusalOf, type Limits } from "./checks";
import { UploadMemory } from "./memory";
import { fingerprint } from "./plan";
import { Row } from "./row";
import { Sender } from "./sender";
import { Failure, HttpTransport, type Upload } from "./transport";
import { Turns } from "./turns";
import { bytes, percent, say } from "./words";

const FILES_AT_ONCE = 2;

export class Uploader {
  private readonly senders: Sender[] = [];
  private readonly running = new Set<Sender>();
  private readonly turns = new Turns();
  private readonly prints = new Map<string, Sender>();
  private readonly memory = new UploadMemory(window.localStorage);
  private readonly transport: HttpTransport;

  constructor(private readonly box: HTMLElement) {
    this.transport = new HttpTransport(box.dataset.uploads ?? "");
    this.wireChoosing();
    this.wireDropping();
    window.addEventListener("beforeunload", (event) => {
      if (this.senders.some((sender) => sender.isActive)) event.preventDefault();
    });
    window.addEventListener("online", () => {
      for (const sender of this.senders) if (sender.state === "stalled") this.start(sender);
    });
    void this.showUnfinished();
    box.dataset.alive = "";
  }

  private get limits(): Limits {
    return { maxBytes: Number(this.box.dataset.maxBytes), suffixes: (this.box.dataset.suffixes ?? "").split(" ") };
  }

  private wireChoosing(): void {
    const input = this.box.querySelector<HTMLInputElement>("input[type=file]");
    input?.addEventListener("change", () => {
      this.take([...(input.files ?? [])]);
      input.value = "";
    });
  }

  private wireDropping(): void {
    const area = this.box.querySelector<HTMLElement>("[data-drop]");
    const over = (event: DragEvent, yes: boolean) => {
      event.preventDefault();
      area?.toggleAttribute("data-over", yes);
    };
    area?.addEventListener("dragenter", (event) => over(event, true));
    area?.addEventListener("dragover", (event) => over(event, true));
    area?.addEventListener("dragleave", (event) => over(event, false));
    area?.addEventListener("drop", (event) => {
      over(event, false);
      this.take([...(event.dataTransfer?.files ?? [])]);
    });
    // A film that misses the area by a finger's breadth must not replace the page.
    for (const type of ["dragover", "drop"]) document.addEventListener(type, (event) => event.preventDefault());
  }

  private take(files: File[]): void {
    const isMultiple = this.box.hasAttribute("data-multiple");
    void (async () => {
      for (const file of isMultiple ? files : files.slice(0, 1)) await this.add(file);
    })();
  }

  private async add(file: File): Promise<void> {
    const print = fingerprint(file);
    const known = this.prints.get(print);
    if (known && !["cancelled", "failed"].includes(known.state)) {
      if (["paused", "stalled"].includes(known.state)) this.start(known);
      return;
    }
    const acts = {
      pause: () => sender.pause(),
      resume: () => this.start(sender),
      cancel: () => void sender.cancel().then(() => row.element.remove()),
      use: () => void sender.useKnown(),
      again: () => {
        sender.sendAnyway();
        this.start(sender);
      },
    };
    const row = new Row(this.box, file.name, acts);
    const sender: Sender = new Sender({
      file,
      target: this.box.dataset.target ?? "",
      transport: this.transport,
      memory: this.memory,
      turns: this.turns,
      onChange: (shown) => row.show(shown),
    });
    const refusal = await refusalOf(file, this.limits).catch(() => "notAFilm" as const);
    if (refusal) return row.refuse(say(this.box, refusal.toLowerCase(), { most: bytes(this.limits.maxBytes) }));
    this.box.querySelector(`[data-unfinished="${CSS.escape(this.memory.find(print) ?? "none")}"]`)?.remove();
    this.senders.push(sender);
    this.prints.set(print, sender);
    this.start(sender);
  }

  private start(sender: Sender): void {
    if (this.running.size >= FILES_AT_ONCE) return sender.wait();
    this.running.add(sender);
    void sender.run().then(() => {
      this.running.delete(sender);
      const next = this.senders.find((one) => one.state === "waiting" && !this.running.has(one));
      if (next) this.start(next);
    });
  }

  /** Uploads that a closed page left open: the same file, chosen again, goes on where it stopped. */
  private async showUnfinished(): Promise<void> {
    const list = this.box.querySelector<HTMLElement>("[data-unfinished-list]");
    const template = this.box.querySelector<HTMLTemplateElement>("template[data-unfinished-row]");
    if (!list || !template) return;
    let open: Upload[] = [];
    try {
      open = await this.transport.open();
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
    }
    for (const upload of open.filter((one) => !this.isOnItsWay(one))) {
      const row = template.content.firstElementChild?.cloneNode(true) as HTMLElement;
      row.dataset.unfinished = upload.id;
      const share = percent(upload.received / Math.max(1, upload.size));
      const words = row.querySelector<HTMLElement>("[data-part=words]");
      if (words) words.textContent = say(this.box, "unfinished", { name: upload.name, percent: share });
      row.querySelector("[data-act=cancel]")?.addEventListener("click", () => {
        this.memory.forget(upload.id);
        row.remove();
        void this.transport.abort(upload.id).catch(() => undefined);
      });
      list.append(row);
    }
  }

  private isOnItsWay(upload: Upload): boolean {
    return this.senders.some((sender) => sender.uploadId === upload.id);
  }
}
