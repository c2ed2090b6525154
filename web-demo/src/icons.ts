// The map's icons, drawn when the map asks for them: told by their form as well as their colour.
import type { Palette } from "./palette";

const size = 40;
const font = '600 23px "Noto Sans CJK SC", "Noto Sans SC", "PingFang SC", "Microsoft YaHei", sans-serif';

function sign(color: string, paper: string, letter: string, corner: number): ImageData {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = size;
  const pen = canvas.getContext("2d");
  if (!pen) return new ImageData(size, size);
  const box = (inset: number, fill: string) => {
    pen.fillStyle = fill;
    pen.beginPath();
    pen.roundRect(inset, inset, size - 2 * inset, size - 2 * inset, Math.max(0, corner - inset / 2));
    pen.fill();
  };
  box(0, paper);
  box(3, color);
  pen.fillStyle = paper;
  pen.font = font;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.fillText(letter, size / 2, size / 2 + 1);
  return pen.getImageData(0, 0, size, size);
}

// Nothing for a name that is not ours.
export function icon(name: string, palette: Palette): ImageData | null {
  if (name === "service") return sign(palette.service, palette.paper, "服", 11);
  if (name === "venture") return sign(palette.venture, palette.paper, "创", 20);
  return null;
}
