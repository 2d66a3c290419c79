import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

const ASSETS = join(import.meta.dirname, "dist/assets");

/** Packs each script and style once, when it is built, so that the hub has nothing to pack while it serves. */
const packed: Plugin = {
  name: "packed",
  closeBundle() {
    for (const name of readdirSync(ASSETS).filter((file) => /\.(js|css)$/.test(file)))
      writeFileSync(join(ASSETS, `${name}.gz`), gzipSync(readFileSync(join(ASSETS, name)), { level: 9 }));
  },
};

/** While developing, the pages come from Vite and the data from a hub that runs beside it. */
export default defineConfig({
  plugins: [react(), packed],
  server: {
    host: "127.0.0.1",
    // The hub takes orders from pages of its own origin alone: what it is told here is that Vite's are.
    proxy: { "/api": { target: "http://127.0.0.1:8080", headers: { origin: "http://127.0.0.1:8080" } } },
  },
  build: {
    // Fonts and pictures stay files: the hub's content security policy allows no data addresses for scripts.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1_000,
    // The styles are written for browsers that know light-dark(); rewriting it for older ones would break it.
    cssTarget: ["chrome123", "firefox120", "safari17.5"],
  },
});
