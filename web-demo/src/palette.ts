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
export const served = "#EFE8F5";
export const land = "#FBFAF6";
export const outside = "#E9EDF0";
export const border = "#B4BFC8";
