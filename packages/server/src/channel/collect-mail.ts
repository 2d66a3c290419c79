import type { Readable } from "node:stream";
import { setImmediate as nextTurn, setTimeout as rest } from "node:timers/promises";

const PROGRESS_BYTES = 32 * 1_024;
/** So much of a mail that is too large is let run through, that its sender hears the refusal in its turn. */
const PATIENCE = 2;
/** Past its first megabyte a mail is read at two megabytes a second: at full speed the garbage it leaves holds up everybody. */
const SWIFT_BYTES = 1_000_000;
const BYTES_PER_MS = 2_000;

/**
 * The bytes of a mail, or why there are none: more than `largest` came (`too large`), or so many more that the rest is not
 * waited for (`endless`, the stream is then destroyed). `progress` is called now and then while they are wanted. One
 * chunk is taken in a turn of the event loop, and fewer of a large mail: whoever sends as fast as the machine can read leaves
 * room for others.
 */
export async function collectMail(
  stream: Readable,
  largest: number,
  progress: () => void,
): Promise<Buffer | "too large" | "endless"> {
  const chunks: Buffer[] = [];
  let length = 0;
  let told = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > PATIENCE * largest) return "endless";
    if (length > largest) chunks.length = 0;
    else chunks.push(chunk);
    if (length <= largest && length - told >= PROGRESS_BYTES) {
      told = length;
      progress();
    }
    await (length > SWIFT_BYTES ? rest(chunk.length / BYTES_PER_MS) : nextTurn());
  }
  return length > largest ? "too large" : Buffer.concat(chunks);
}
