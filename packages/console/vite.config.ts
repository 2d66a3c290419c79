import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** While developing, the pages come from Vite and the data from a hub that runs beside it. */
export default defineConfig({
  plugins: [react()],
  server: { host: "127.0.0.1", proxy: { "/api": "http://127.0.0.1:8080" } },
  // Fonts and pictures stay files: the hub's content security policy allows no data addresses for scripts.
  build: { assetsInlineLimit: 0, chunkSizeWarningLimit: 900 },
});
