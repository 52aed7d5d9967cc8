// <lesson-player>: wires the controls that Django rendered to one film. Without it the page shows the browser's own player.
import { beside, nameBeside } from "./addresses";
import { Captions } from "./captions";
import { Chapters } from "./chapters";
import "./findings";
import { Gestures } from "./gestures";
import { GoOn, isWriting, wasPromised } from "./go-on";
import { Played } from "./intervals";
import "./lesson-page";
import { isDear } from "./line";
import { Loop } from "./loop";
import { moveMark } from "./mark";
import { offerMediaKeys } from "./media-keys";
import { Menus } from "./menus";
import { gatherWhenNarrow } from "./more";
import "./refund-meter";
import { type Fresh, Renewal } from "./renewal";
import { type Progress, Reporter } from "./reports";
import { Screen } from "./screen";
import { SeekBar } from "./seekbar";
import { type Act, actOf, belongsTo, offerKeys, reach } from "./shortcuts";
import "./side-panel";
import { Source } from "./source";
import { neighbor, remember, remembered } from "./speeds";
import { Storyboard } from "./storyboard";
import { Told } from "./told";
import "./transcript";
import { Volume } from "./volume";

const BRIEF_MS = 6000;
const IDLE_MS = 2_500;

export class LessonPlayer extends HTMLElement {
  #video!: HTMLVideoElement;
  #played!: Played;
  #source!: Source;
  #seek!: SeekBar;
  #captions!: Captions;
  #storyboard!: Storyboard;
  #screen!: Screen;
  #menus!: Menus;
  #loop!: Loop;
  #volume!: Volume;
  #goOn!: GoOn;
  #told!: Told;
  #reporter: Reporter | undefined;
  #renewal!: Renewal;
  #opening: Promise<void> | undefined;
  #idle: ReturnType<typeof setTimeout> | undefined;

  connectedCallback(): void {
    if (this.hasAttribute("data-wired")) return;
    this.setAttribute("data-wired", "");
    this.#video = this.querySelector("video") as HTMLVideoElement;
    this.#video.controls = false;
    this.#played = new Played(this.#video);
    this.#compose();
    this.#wireActs();
    this.#wireVideo();
    this.#wireKeys();
    for (const part of this.#parts("scripted")) part.hidden = false;
    // The page's own film is made ready at once, unless bytes are dear; a preview among other things waits to be asked
    // for.
    if (this.dataset["keys"] === "page" && !isDear()) void this.#open();
    this.#offerResume();
    this.#state("ready");
    if (this.dataset["keys"] === "page" && wasPromised()) void this.play();
  }

  #compose(): void {
    const range = this.#part<HTMLInputElement>("seek");
    const length = Number(this.dataset["length"] ?? 0);
    this.#seek = new SeekBar(this.#video, range, this.#find("tip"), this.#find("time"), length);
    const chapters = new Chapters(this.#video, this, (to) => void this.#seekTo(to));
    const refused = () => void this.#trouble("refused");
    const storyboard = (this.#storyboard = new Storyboard(this.#find("picture"), this.dataset["storyboard"], refused));
    this.#seek.name = (second) => chapters.at(second);
    this.#seek.picture = (second) => storyboard.show(second);
    this.#captions = new Captions(this.#video, this);
    this.#loop = new Loop(this.#video, () => this.#seek.length, this.querySelector('[data-do="loop"]'), this.querySelector('svg[data-part="loop"]'));
    this.#screen = new Screen(this, this.#video, (act) => this.querySelector(`[data-do="${act}"]`), () => this.#sayBriefly("window"));
    this.#source = new Source(this.#video, {
      onQuality: (auto, height) => this.#menus.showQuality(auto, height),
      onTrouble: (trouble) => void this.#trouble(trouble),
      onRecovered: () => this.#say(""),
      beforeReset: () => this.#played.keep(),
    });
    this.#renewal = new Renewal(() => this.dataset["playback"] ?? "", {
      onFresh: (fresh) => this.#renewed(fresh),
      onTrouble: (trouble) => {
        if (trouble === "devices" || trouble === "refused") this.#video.pause();
        this.#say(trouble);
      },
    });
    this.#menus = new Menus(this, this.#source, (speed) => this.#setSpeed(speed));
    const { token, report } = this.dataset;
    if (token && report) {
      this.#reporter = new Reporter(this.#video, this.#played, report, token, {
        onProgress: (progress) => this.#progressed(progress),
        onRefused: () => void this.#trouble("refused"),
      });
      this.#reporter.start();
    }
    this.#seek.start();
    chapters.start();
    this.#loop.start();
    const seek = this.#seek;
    const isIdle = () => this.hasAttribute("data-idle");
    new Gestures(this.#video, {
      act: (act) => this.act(act),
      seek: (to) => void this.#seekTo(to),
      get length() { return seek.length; },
      get isIdle() { return isIdle(); },
    }, this.#find("jump"), this.querySelector<HTMLElement>("button.player__big")).start();
    offerMediaKeys(this, this.#video, {
      act: (act) => this.act(act),
      seek: (to) => void this.#seekTo(to),
      next: this.#find<HTMLAnchorElement>("next")?.href ?? null,
    });
    moveMark(this, this.#video);
    this.#captions.start();
    this.#volume = new Volume(this.#video, this.#find<HTMLInputElement>("volume"), this.querySelector('[data-do="mute"]'));
    this.#goOn = new GoOn(this, this.#find<HTMLAnchorElement>("next"));
    this.#told = new Told(this.#find("told"), this.#video, this.#loop, () => this.#screen.isTheatre);
    this.#screen.start();
    this.#menus.start();
    this.#volume.start();
    this.#goOn.start();
    gatherWhenNarrow(this);
  }

  /** Whoever asks, and however often: the film is opened once, and everybody waits for the same moment. */
  #open(): Promise<void> {
    this.#opening ??= this.#openFilm();
    return this.#opening;
  }

  async #openFilm(): Promise<void> {
    try {
      await this.#source.open(this.dataset["source"] ?? "", this.#startAt(), this.dataset["master"]);
    } catch {
      // hls.js itself could not be loaded: another try may, once the line is back.
      this.#opening = undefined;
      this.#say("broken");
      return;
    }
    this.#menus.offerLevels(this.#source.hasLevels);
    this.#menus.recall();
    this.#setSpeed(remembered());
  }

  #startAt(): number {
    return Number(this.dataset["start"] ?? 0) || 0;
  }

  /** Seconds from one picture to the next. */
  get #frame(): number {
    return 1 / (Number(this.dataset["fps"]) || 25);
  }

  #offerResume(): void {
    const start = this.#startAt();
    const card = this.#find("resume");
    if (!card || start < 1) return;
    card.hidden = false;
    this.#seek.draw(start);
  }

  async #seekTo(second: number): Promise<void> {
    await this.#open();
    this.#video.currentTime = second;
  }

  async play(): Promise<void> {
    await this.#open();
    await this.#video.play().catch(() => undefined);
  }

  #retry(): void {
    this.#say("");
    if (this.#renewal.isWaiting) this.#renewal.again();
    else if (this.#opening) this.#source.retry();
    void this.play();
  }

  async #startOver(): Promise<void> {
    this.dataset["start"] = "0";
    await this.#open();
    this.#video.currentTime = 0;
    await this.play();
  }

  act(act: Act | string): void {
    const video = this.#video;
    const move = (by: number) => {
      video.currentTime = Math.max(0, Math.min(this.#seek.length, video.currentTime + by));
    };
    const acts: Record<string, () => unknown> = {
      play: () => (video.paused ? this.play() : video.pause()),
      "start-over": () => this.#startOver(),
      retry: () => this.#retry(),
      back: () => move(-10),
      forward: () => move(10),
      "step-back": () => move(-5),
      "step-forward": () => move(5),
      "frame-back": () => video.paused && move(-this.#frame),
      "frame-forward": () => video.paused && move(this.#frame),
      louder: () => this.#volume.change(0.1),
      softer: () => this.#volume.change(-0.1),
      mute: () => this.#volume.toggle(),
      slower: () => this.#setSpeed(neighbor(video.playbackRate, -1)),
      faster: () => this.#setSpeed(neighbor(video.playbackRate, 1)),
      captions: () => this.#captions.toggle(),
      full: () => this.#screen.toggleFull(),
      pip: () => this.#open().then(() => this.#screen.togglePip()),
      theatre: () => this.#screen.toggleTheatre(),
      loop: () => this.#loop.next(),
      stay: () => this.#goOn.stop(),
      help: () => this.querySelector<HTMLDialogElement>("dialog")?.showModal(),
    };
    const part = /^part-(\d)$/.exec(act)?.[1];
    if (part) video.currentTime = (this.#seek.length * Number(part)) / 10;
    else acts[act]?.();
    this.#wake();
  }

  #setSpeed(speed: number): void {
    this.#video.defaultPlaybackRate = this.#video.playbackRate = speed;
    remember(speed);
    this.#menus.showSpeed(speed);
  }

  #wireActs(): void {
    this.addEventListener("click", (event) => {
      const button = (event.target as Element).closest<HTMLElement>("[data-do]");
      if (button && this.contains(button)) this.act(button.dataset["do"] ?? "");
    });
    let wasIdle = false;
    let wasFinger = false;
    this.#video.addEventListener("pointerdown", (event) => {
      wasIdle = this.hasAttribute("data-idle");
      wasFinger = event.pointerType === "touch";
    });
    this.#video.addEventListener("click", (event) => {
      // A finger's first touch brings the controls back; a mouse plays and pauses at once.
      const isFinger = (event as PointerEvent).pointerType === "touch";
      if (!(isFinger && wasIdle)) this.act("play");
    });
    this.#video.addEventListener("dblclick", () => !wasFinger && void this.#screen.toggleFull());
    for (const event of ["pointermove", "pointerdown", "focusin"]) this.addEventListener(event, () => this.#wake());
  }

  #wireVideo(): void {
    const video = this.#video;
    const on = (names: string, run: () => void) => {
      for (const name of names.split(" ")) video.addEventListener(name, run);
    };
    on("play playing", () => {
      this.#state("playing");
      this.#hide("resume");
      this.#hide("ending");
      this.#hide("wait");
      this.#goOn.stop();
    });
    // Whoever looks for a place after the end is not led away from it.
    on("seeking", () => {
      this.#goOn.stop();
      if (!video.ended) this.#hide("ending");
    });
    on("pause", () => this.#state(video.ended ? "ended" : "paused"));
    on("waiting", () => (this.#part("wait").hidden = video.paused));
    on("canplay timeupdate", () => this.#hide("wait"));
    on("ended", () => {
      this.#state("ended");
      const ending = this.#find("ending");
      if (ending) ending.hidden = false;
      if (!isWriting()) this.#find<HTMLElement>("next")?.focus();
      this.#goOn.ended();
    });
  }

  #wireKeys(): void {
    const target: HTMLElement | Document = this.dataset["keys"] === "page" ? document : this;
    offerKeys(this.#find<HTMLInputElement>("keys"));
    target.addEventListener("keydown", (given) => {
      const event = given as KeyboardEvent;
      const act = actOf(event, event.target);
      if (!act || belongsTo(event.target, event.code) || !reach(this, event.target)) return;
      event.preventDefault();
      this.act(act);
      this.#told.tell(act);
    });
  }

  #state(state: string): void {
    this.dataset["state"] = state;
    for (const button of this.querySelectorAll<HTMLElement>('[data-do="play"][data-play]')) {
      const isPlaying = state === "playing";
      button.setAttribute("aria-label", (isPlaying ? button.dataset["pause"] : button.dataset["play"]) ?? "");
    }
    this.#wake();
  }

  #wake(): void {
    this.removeAttribute("data-idle");
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => this.toggleAttribute("data-idle", !this.#video.paused), IDLE_MS);
  }

  async #trouble(trouble: "connection" | "refused" | "broken"): Promise<void> {
    if (trouble !== "refused") {
      this.#say(trouble);
      return;
    }
    // The address or the token may only be too old: ask for fresh ones before giving up.
    await this.#renewal.ask();
  }

  async #renewed(fresh: Fresh): Promise<void> {
    this.#say("");
    this.#reporter?.renew(fresh.report_token);
    this.#renewFiles(fresh.master_url);
    await this.#source.renew(fresh.master_url);
  }

  /** Captions, small pictures and poster lie beside the master, under the same token. */
  #renewFiles(master: string): void {
    const former = this.dataset["source"] ?? "";
    const fresh = (address: string) => beside(master, nameBeside(former, address));
    this.#captions.renew(fresh);
    this.#storyboard.renew(fresh);
    const { poster } = this.dataset;
    if (poster) this.dataset["poster"] = this.#video.poster = fresh(poster);
    this.dataset["source"] = master;
  }

  /** One of the sentences that Django rendered for trouble, or none. */
  #say(trouble: string): void {
    for (const part of this.querySelectorAll<HTMLElement>("[data-trouble]")) {
      part.hidden = part.dataset["trouble"] !== trouble;
    }
  }

  #sayBriefly(trouble: string): void {
    this.#say(trouble);
    setTimeout(() => this.querySelector(`[data-trouble="${trouble}"]:not([hidden])`) && this.#say(""), BRIEF_MS);
  }

  #progressed(progress: Progress): void {
    this.dispatchEvent(new CustomEvent<Progress>("lesson-progress", { bubbles: true, detail: progress }));
  }

  #hide(name: string): void {
    const part = this.#find(name);
    if (part) part.hidden = true;
  }

  #find<Part extends HTMLElement = HTMLElement>(name: string): Part | null {
    return this.querySelector<Part>(`[data-part="${name}"]`);
  }

  #part<Part extends HTMLElement = HTMLElement>(name: string): Part {
    const part = this.#find<Part>(name);
    if (!part) throw new Error(`the player's template lacks its part "${name}"`);
    return part;
  }

  #parts(name: string): HTMLElement[] {
    return [...this.querySelectorAll<HTMLElement>(`[data-part~="${name}"]`)];
  }
}

customElements.define("lesson-player", LessonPlayer);
