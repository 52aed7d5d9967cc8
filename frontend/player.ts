// On pages with a film: the player is loaded where there is one. hls.js follows when the film is wanted.
if (document.querySelector("lesson-player")) void import("./player/element");
else if (document.querySelector("[data-panel]")) void import("./player/side-panel");
if (document.querySelector("[data-notes]")) void import("./player/notes");
if (document.querySelector("[data-questions]")) void import("./player/questions");

export {};
