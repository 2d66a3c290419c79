/** Strokes on a 24 × 24 field, drawn for this console. */
const PATHS = {
  pulse: "M3 12h4l3-8 4 16 3-8h4",
  customers:
    "M16 20v-1.5a4 4 0 0 0-4-4H7a4 4 0 0 0-4 4V20M9.5 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7M21 20v-1.5a4 4 0 0 0-3-3.8M15.5 4.2a3.5 3.5 0 0 1 0 6.6",
  decisions: "M6 3v6a4 4 0 0 0 4 4h4a4 4 0 0 1 4 4v4M18 3v4a4 4 0 0 1-2 3.5M3 6l3-3 3 3M15 18l3 3 3-3",
  key: "M14.5 9.5a4.5 4.5 0 1 0-4 4.5L13 16.5h2.5V19H18v2h3v-3.5l-6.7-6.7",
  colleagues: "M12 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8M4 21v-1a6 6 0 0 1 6-6h4a6 6 0 0 1 6 6v1",
  audit: "M7 3h8l4 4v14H7zM15 3v4h4M10 12h6M10 16h6M4 7v14",
  letter: "M3 6h18v12H3zM3 7l9 7 9-7",
  dead: "M3 8l9 6 9-6M3 8v11h18V8M3 8l3-4h12l3 4M10 18l4-4M10 14l4 4",
  search: "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14M20 20l-4-4",
  language: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18M3.5 9h17M3.5 15h17M12 3c-5 5-5 13 0 18 5-5 5-13 0-18",
  sun: "M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8M12 2v2M12 20v2M4.9 4.9l1.4 1.4M17.7 17.7l1.4 1.4M2 12h2M20 12h2M4.9 19.1l1.4-1.4M17.7 6.3l1.4-1.4",
  moon: "M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5z",
  auto: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18M12 3v18M12 7h6.5M12 12h9M12 17h6.5",
  keyboard: "M3 6h18v12H3zM7 10h.01M11 10h.01M15 10h.01M8 14h8",
  leave: "M14 4H5v16h9M10 12h11M17 8l4 4-4 4",
  well: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18M8 12.5l2.8 2.8L16 10",
  look: "M12 3.5L22 20H2zM12 10v4M12 17h.01",
  ill: "M8 3h8l5 5v8l-5 5H8l-5-5V8zM12 7.5v5.5M12 16.5h.01",
  sms: "M4 4h16v12H10l-5 4v-4H4zM8 9h8M8 12h5",
  voice: "M6 3h3l2 5-2.5 1.5a11 11 0 0 0 6 6L16 13l5 2v3a3 3 0 0 1-3 3A15 15 0 0 1 3 6a3 3 0 0 1 3-3z",
  web: "M3 5h18v14H3zM3 9h18M6 7h.01M8.5 7h.01",
  mobile: "M8 2h8v20H8zM11 18h2",
  server: "M4 4h16v7H4zM4 13h16v7H4zM8 7.5h.01M8 16.5h.01",
  push: "M6 16V11a6 6 0 0 1 12 0v5l2 2H4zM10 21h4",
  chat: "M21 12a8 8 0 0 1-8 8H3l2.5-3A8 8 0 1 1 21 12z",
  hub: "M12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6M12 9V3M12 21v-6M9.5 13.5L4 17M14.5 13.5L20 17M9.5 10.5L4 7M14.5 10.5L20 7",
  console: "M3 4h18v16H3zM7 9l3 3-3 3M12 15h5",
  consent: "M12 3l8 3v6c0 5-3.5 8-8 9-4.5-1-8-4-8-9V6zM8.5 12l2.5 2.5 4.5-5",
  withdrawn: "M12 3l8 3v6c0 5-3.5 8-8 9-4.5-1-8-4-8-9V6zM9 9.5l6 5M15 9.5l-6 5",
  unsaid: "M7 12h10",
  reply: "M9 7L4 12l5 5M4 12h10a6 6 0 0 1 6 6v1",
  identify: "M3 5h18v14H3zM8.5 12a2 2 0 1 0 0-4 2 2 0 0 0 0 4M5.5 16c.5-2 5.5-2 6 0M15 10h3M15 14h3",
  deed: "M13 2L4 14h7l-1 8 9-12h-7z",
  right: "M9 5l7 7-7 7",
  merge: "M6 3v5a4 4 0 0 0 4 4h8M6 21v-5a4 4 0 0 1 4-4M14 8l4 4-4 4",
  write: "M4 20h4L20 8l-4-4L4 16zM13.5 6.5l4 4",
  dots: "M5 12h.01M12 12h.01M19 12h.01",
  plus: "M12 5v14M5 12h14",
  question: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18M9.5 9.5a2.5 2.5 0 1 1 3.5 2.3c-.7.3-1 .9-1 1.7M12 16.5h.01",
} as const;

export type IconName = keyof typeof PATHS;

/** A picture beside words: it says nothing that the words do not say. */
export function Icon({ name, size = 18 }: { name: IconName; size?: number }) {
  return (
    <svg
      aria-hidden="true"
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth={1.7}
      strokeLinecap="round"
      strokeLinejoin="round"
      style={{ flex: "none" }}
    >
      <path d={PATHS[name]} />
    </svg>
  );
}

export const isIcon = (name: string): name is IconName => Object.hasOwn(PATHS, name);
