// On pages with a film: the player is loaded where there is one. hls.js follows when the film is wanted.
if (document.querySelector("lesson-player")) void import("./player/element");

export {};
