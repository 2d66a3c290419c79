import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { importCommand } from "./ingest/import-file.ts";
import { openTestHub, type TestHub } from "./test-hub.ts";

export type ImportingHub = {
  hub: TestHub;
  url: string;
  /** Writes a file into a folder that is gone after the test; answers its path. */
  aFile(name: string, content: string | Buffer): string;
  /** `rapport import` of a file, and what it said, but for how far it has come: that is told by the clock. */
  run(path: string, ...more: string[]): Promise<{ code: number; said: string[] }>;
  end(): Promise<void>;
};

/** A hub that listens, and files to import into it. For tests only. */
export async function openImportingHub(): Promise<ImportingHub> {
  const hub = await openTestHub();
  const url = await hub.app.listen({ port: 0, host: "127.0.0.1" });
  const folder = mkdtempSync(join(tmpdir(), "rapport-import-"));
  return {
    hub,
    url,
    aFile(name, content) {
      const path = join(folder, name);
      writeFileSync(path, content);
      return path;
    },
    async run(path, ...more) {
      const said: string[] = [];
      const code = await importCommand([path, "--url", url, "--key", hub.writeKey, ...more], (line) => said.push(line));
      await hub.idle();
      return { code, said: said.filter((line) => !/^row \d+: \d+ accepted/.test(line)) };
    },
    async end() {
      await hub.end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
