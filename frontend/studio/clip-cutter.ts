// Beside a film: choosing the stretch and the frame of a clip. Without it the form's fields are filled in by hand.
const place = document.querySelector<HTMLElement>("[data-clip-cutter]");
if (place) void import("./clips/cutter").then(({ Cutter }) => new Cutter(place).start());
