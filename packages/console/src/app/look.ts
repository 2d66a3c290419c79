import { createTheme, type MantineColorsTuple } from "@mantine/core";

/** Deep green-blue for what can be done; the amber of the mark is kept for what wants a look. */
const pine: MantineColorsTuple = [
  "#edf6f4",
  "#dbebe8",
  "#b3d6d0",
  "#87c0b7",
  "#5fa99f",
  "#459b90",
  "#2f8a80",
  "#1f746c",
  "#155e58",
  "#0d4340",
];
const amber: MantineColorsTuple = [
  "#fff6e6",
  "#fdebcd",
  "#f9d59b",
  "#f4bd65",
  "#f0a93a",
  "#ec9b1f",
  "#d98508",
  "#a96403",
  "#874f00",
  "#5c3600",
];
const brick: MantineColorsTuple = [
  "#fdf0ed",
  "#f8dcd6",
  "#efb5aa",
  "#e68c7b",
  "#dd6a55",
  "#d7543c",
  "#c8432c",
  "#a93522",
  "#8a2a1b",
  "#5e1a10",
];
const stone: MantineColorsTuple = [
  "#faf9f7",
  "#f3f2ee",
  "#e8e6e0",
  "#d9d6ce",
  "#c2beb4",
  "#9d998e",
  "#6f6c63",
  "#4f4d46",
  "#35332e",
  "#21201c",
];
const night: MantineColorsTuple = [
  "#d5dcda",
  "#b7c1be",
  "#97a3a0",
  "#6f7c79",
  "#45514e",
  "#323c3a",
  "#232c2a",
  "#1a2220",
  "#131a18",
  "#0d1211",
];

// The system's own faces: nothing is fetched, and Cyrillic and Chinese look as people are used to.
const FACES =
  'ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", Arial, "PingFang SC", "Hiragino Sans GB", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", sans-serif';

export const look = createTheme({
  colors: { pine, amber, brick, gray: stone, dark: night },
  primaryColor: "pine",
  primaryShade: { light: 7, dark: 5 },
  black: "#1d2422",
  fontFamily: FACES,
  fontFamilyMonospace: 'ui-monospace, "SF Mono", "Cascadia Mono", "Noto Sans Mono", "DejaVu Sans Mono", monospace',
  headings: { fontFamily: FACES, fontWeight: "650" },
  defaultRadius: "md",
  cursorType: "pointer",
  focusRing: "auto",
  respectReducedMotion: true,
});
