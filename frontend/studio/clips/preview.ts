// The clip as it will look, drawn from the film that plays beside it.
import { type Shape, fitted, ratioOf, windowOf } from "./framing";

const LONGER = 480;
// As the server makes the blurred ground: small, and drawn large.
const GROUND_SHARE = 12;

export class Preview {
  readonly #pen: CanvasRenderingContext2D | null;
  readonly #ground = document.createElement("canvas");

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly video: HTMLVideoElement,
  ) {
    this.#pen = canvas.getContext("2d");
  }

  draw(shape: Shape, fit: string, center: number): void {
    const { canvas, video } = this;
    const pen = this.#pen;
    const [across, down] = shape === "vertical" ? [LONGER * ratioOf(shape), LONGER] : [LONGER, LONGER / ratioOf(shape)];
    if (canvas.width !== across) [canvas.width, canvas.height] = [across, down];
    const { videoWidth: width, videoHeight: height } = video;
    if (!pen || !width || video.readyState < 2) return;
    if (fit === "crop") {
      const kept = windowOf(width, height, shape, center);
      pen.drawImage(video, kept.x, kept.y, kept.width, kept.height, 0, 0, across, down);
      return;
    }
    this.#drawGround(pen, shape, across, down);
    const whole = fitted(width, height, { width: across, height: down });
    pen.drawImage(video, whole.x, whole.y, whole.width, whole.height);
  }

  #drawGround(pen: CanvasRenderingContext2D, shape: Shape, across: number, down: number): void {
    const ground = this.#ground;
    [ground.width, ground.height] = [Math.round(across / GROUND_SHARE), Math.round(down / GROUND_SHARE)];
    const kept = windowOf(this.video.videoWidth, this.video.videoHeight, shape, 500);
    ground.getContext("2d")?.drawImage(this.video, kept.x, kept.y, kept.width, kept.height, 0, 0, ground.width, ground.height);
    pen.imageSmoothingQuality = "high";
    pen.drawImage(ground, 0, 0, across, down);
    pen.fillStyle = "rgb(0 0 0 / 0.3)";
    pen.fillRect(0, 0, across, down);
  }
}
