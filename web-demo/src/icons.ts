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

// Where a letter would be too small to read: the form alone.
function mark(color: string, paper: string, corner: number): ImageData {
  return sign(color, paper, "", corner);
}

// Slanted strokes, by which a gap is told from any plain ground.
function hatch(color: string): ImageData {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 16;
  const pen = canvas.getContext("2d");
  if (!pen) return new ImageData(16, 16);
  pen.strokeStyle = color;
  pen.globalAlpha = 0.4;
  pen.lineWidth = 2;
  for (const shift of [-16, 0, 16]) {
    pen.moveTo(shift - 2, 18);
    pen.lineTo(shift + 18, -2);
  }
  pen.stroke();
  return pen.getImageData(0, 0, 16, 16);
}

// Nothing for a name that is not ours.
export function icon(name: string, palette: Palette): ImageData | null {
  if (name === "service-small") return mark(palette.service, palette.paper, 11);
  if (name === "venture-small") return mark(palette.venture, palette.paper, 20);
  if (name === "gap") return hatch(palette.gap);
  if (name === "service") return sign(palette.service, palette.paper, "服", 11);
  if (name === "room") return new ImageData(4, 4); // nothing to be seen: names keep clear of it
  if (name === "venture") return sign(palette.venture, palette.paper, "创", 20);
  return null;
}
