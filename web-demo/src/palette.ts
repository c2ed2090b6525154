// The colours of the map, by theme. The three of the categories stay apart under protanopia, deuteranopia and
// tritanopia and have 3:1 against the paper of their theme (test/colours.test.ts measures both).
import type { Category, Theme } from "./state";

export interface Palette {
  categories: Record<Category, string>;
  ink: string;
  soft: string; // district names
  paper: string; // behind labels, and round points
  accent: string; // what was chosen
  cluster: string;
  clusterText: string;
  service: string;
  served: string; // the ground inside service circles
  venture: string;
  reach: string;
  gap: string; // ground that no circle reaches
  land: string;
  outside: string;
  water: string;
  border: string;
  ramp: readonly [string, string]; // of the choropleth, from few to many
  share: readonly [string, string]; // of what the circles cover of a district, from nothing to all
}

export const palettes: Record<Theme, Palette> = {
  light: {
    categories: { full_time: "#0F5FA6", gig: "#D97706", internship: "#13988D" },
    ink: "#1D2733",
    soft: "#56636F",
    paper: "#FFFFFF",
    accent: "#0B4F8A",
    cluster: "#31506B",
    clusterText: "#FFFFFF",
    service: "#6B3FA0",
    served: "#EBE2F4",
    venture: "#8A5A00",
    reach: "#0B7A4B",
    gap: "#A3221C",
    land: "#FBFAF6",
    outside: "#E9EDF0",
    water: "#CFE0EA",
    border: "#B4BFC8",
    ramp: ["#EAF2F8", "#5C97C4"],
    share: ["#FBFAF6", "#A98BC9"],
  },
  dark: {
    categories: { full_time: "#4A97E8", gig: "#F2A33C", internship: "#3FE0B8" },
    ink: "#E4EAF0",
    soft: "#A9B6C2",
    paper: "#161C22",
    accent: "#7CC0FF",
    cluster: "#B9CFE2",
    clusterText: "#10161C",
    service: "#BC95EA",
    served: "#2A2438",
    venture: "#E0B25A",
    reach: "#4FD39A",
    gap: "#FF8A80",
    land: "#20272E",
    outside: "#13181D",
    water: "#17242F",
    border: "#46525E",
    ramp: ["#26323D", "#3E78A8"],
    share: ["#20272E", "#6A4F94"],
  },
};
