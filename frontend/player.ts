// On pages with a film: the player is loaded where there is one. hls.js follows when the film is wanted.
import { waitFor } from "./player/preview";

const player = document.querySelector<HTMLElement>("lesson-player");
if (player?.hasAttribute("data-waits")) waitFor(player);
else if (player) void import("./player/element");
else if (document.querySelector("[data-panel]")) void import("./player/side-panel");
if (document.querySelector("[data-notes]")) void import("./player/notes");
if (document.querySelector("[data-questions]")) void import("./player/questions");
