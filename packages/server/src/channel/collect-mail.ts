import type { Readable } from "node:stream";

const PROGRESS_BYTES = 32 * 1_024;

/**
 * The bytes of a mail, or null when there are more than `largest`: then none is kept, and the rest runs through. `progress`
 * is called now and then while they are wanted.
 */
export async function collectMail(stream: Readable, largest: number, progress: () => void): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let length = 0;
  let told = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > largest) chunks.length = 0;
    else chunks.push(chunk);
    if (length <= largest && length - told >= PROGRESS_BYTES) {
      told = length;
      progress();
    }
  }
  return length > largest ? null : Buffer.concat(chunks);
}
