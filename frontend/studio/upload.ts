// Sending films: loaded only on pages that have an uploader (templates/videos/_uploader.html).

const boxes = document.querySelectorAll<HTMLElement>("[data-uploader]");
if (boxes.length) {
  void import("./upload/uploader").then(({ Uploader }) => boxes.forEach((box) => new Uploader(box)));
}

export {};
