// The one-way order of the rooms (docs/architecture.md). `script/check` runs it; test/order.test.ts plants a violation
// and sees it caught, because a cruiser that reads no module passes everything.
const rooms = {
  contract: [],
  engine: ["contract"],
  server: ["contract", "engine"],
  console: ["contract"],
  widget: ["contract"],
  town: ["contract"],
};

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    { name: "no-circles", severity: "error", from: {}, to: { circular: true } },
    ...Object.entries(rooms).map(([room, known]) => ({
      name: `${room}-knows-only-${known.join("-and-") || "itself"}`,
      severity: "error",
      from: { path: `^packages/${room}/` },
      to: { path: `^packages/(?!${[room, ...known].join("/|")}/)` },
    })),
    {
      name: "engine-is-pure",
      comment: "ADR 2: decisions are pure functions",
      severity: "error",
      from: { path: "^packages/engine/", pathNot: "\\.test\\.ts$" },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "platform-knows-no-customers",
      severity: "error",
      from: { path: "^packages/server/src/platform/" },
      to: { path: "^packages/server/src/(?!platform/)" },
    },
    {
      name: "a-noun-is-entered-through-its-index",
      severity: "error",
      from: { path: "^packages/server/src/([^/]+)/", pathNot: "\\.test\\.ts$" },
      to: {
        path: "^packages/server/src/([^/]+)/",
        pathNot: [
          "^packages/server/src/$1/",
          "^packages/server/src/[^/]+/index\\.ts$",
          "^packages/server/src/platform/",
        ],
      },
    },
  ],
  options: {
    parser: "swc",
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    exclude: { path: "(^|/)(dist|node_modules)/" },
  },
};
