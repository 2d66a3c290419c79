import { createHash } from "node:crypto";
import { open, readFile, rename, rm, writeFile } from "node:fs/promises";

import { BadFile } from "../platform/read-table.ts";

/** How far an import has come: every row up to this one has been accepted, or told in the file of errors. */
export type Checkpoint = { file: string; row: number; accepted: number; refused: number };

/** Tells a file from another, or from what it was before, without reading gigabytes: its length and its beginning. */
export async function fingerprintOf(path: string): Promise<string> {
  const file = await open(path);
  try {
    const head = Buffer.alloc(65_536);
    const { bytesRead } = await file.read(head, 0, head.length, 0);
    const { size } = await file.stat();
    return createHash("sha256").update(`${size} `).update(head.subarray(0, bytesRead)).digest("hex").slice(0, 32);
  } finally {
    await file.close();
  }
}

const pathOf = (path: string): string => `${path}.import.json`;

/** The checkpoint that an interrupted import left; null when there is none. Throws BadFile when the file has changed since. */
export async function readCheckpoint(path: string, fingerprint: string): Promise<Checkpoint | null> {
  const text = await readFile(pathOf(path), "utf8").catch(() => null);
  if (text === null) return null;
  const checkpoint = JSON.parse(text) as Checkpoint;
  if (checkpoint.file !== fingerprint)
    throw new BadFile(`${path} has changed since the import was interrupted: import it without --resume`);
  return checkpoint;
}

/** Written beside and renamed, so that a crash leaves the old one or the new one. */
export async function saveCheckpoint(path: string, checkpoint: Checkpoint): Promise<void> {
  await writeFile(`${pathOf(path)}.new`, JSON.stringify(checkpoint));
  await rename(`${pathOf(path)}.new`, pathOf(path));
}

export const forgetCheckpoint = (path: string): Promise<void> => rm(pathOf(path), { force: true });
