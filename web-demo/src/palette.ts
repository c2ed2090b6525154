// The colours that mean something. The three of the categories stay apart under protanopia, deuteranopia and
// tritanopia (CIE76 difference at least 25, the two common forms at least 46) and have 3:1 against white.
import type { Category } from "./state";

export const categoryColors: Record<Category, string> = {
  full_time: "#0F5FA6",
  gig: "#D97706",
  internship: "#17A398",
};

export const ink = "#1D2733";
export const accent = "#0B4F8A";
export const service = "#6B3FA0";
export const land = "#FBFAF6";
export const outside = "#E9EDF0";
export const border = "#9AA7B2";

// Black or white, whichever reads better on that colour (#RRGGBB).
export function inkOn(color: string): string {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = parseInt(color.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  const luminance = 0.2126 * r + 0.7152 * g + 0.0722 * b;
  return 1.05 / (luminance + 0.05) >= (luminance + 0.05) / 0.05 ? "#FFFFFF" : "#000000";
}
