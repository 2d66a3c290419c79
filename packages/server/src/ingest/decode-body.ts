import { promisify } from "node:util";
import { brotliDecompress, gunzip, inflate, inflateRaw, constants as zlib, zstdDecompress } from "node:zlib";

import { Refused } from "../platform/http/problem.ts";
import { openPeerTurns } from "../platform/peer-turns.ts";

type Bound = { maxOutputLength: number };
type Decode = (bytes: Buffer, bound: Bound) => Promise<Buffer>;

/** RFC 9659: who sends zstd over HTTP keeps to windows of 8 MB, so that receivers know what memory it takes. */
const ZSTD_WINDOW = { params: { [zlib.ZSTD_d_windowLogMax]: 23 } };

const decoders = {
  gzip: promisify<Buffer, Bound, Buffer>(gunzip),
  zlib: promisify<Buffer, Bound, Buffer>(inflate),
  bare: promisify<Buffer, Bound, Buffer>(inflateRaw),
  br: promisify<Buffer, Bound, Buffer>(brotliDecompress),
  zstd: promisify<Buffer, Bound & typeof ZSTD_WINDOW, Buffer>(zstdDecompress),
};
const CODINGS: Record<string, Decode> = {
  gzip: decoders.gzip,
  "x-gzip": decoders.gzip,
  deflate: (bytes, bound) => (hasZlibHeader(bytes) ? decoders.zlib(bytes, bound) : decoders.bare(bytes, bound)),
  br: decoders.br,
  zstd: (bytes, bound) => decoders.zstd(bytes, { ...bound, ...ZSTD_WINDOW }),
};
const ACCEPTED = "gzip, deflate, br, zstd, identity";

const MOST_CODINGS = 3;
/** Bodies decoded at once, each with a window of up to 16 MB: as many as there are threads for it. */
const decoding = openPeerTurns(4);
/** What compresses badly grows: between two codings a body may be this much larger than it may be in the end. */
const GROWTH_BYTES = 16_384;

/**
 * The body as it was before `content-encoding` (RFC 9110, 8.4: codings in the order they were applied, in any case), of
 * at most `most` bytes: decoding stops there, so a bomb costs no more memory than an honest body. It is done in other
 * threads, as fifty bytes of br can take ten milliseconds. Refuses a coding that is not known with 415, and a body that is
 * too large or is not what its codings say with 400.
 */
export async function decodeBody(sent: Buffer, contentEncoding: string | undefined, most: number): Promise<Buffer> {
  const codings = codingsOf(contentEncoding);
  if (codings.length === 0 && sent.length > most) throw tooLarge(most);
  if (codings.length === 0) return sent;
  return decoding.within(null, async () => {
    let bytes = sent;
    for (const [index, coding] of [...codings.entries()].reverse())
      bytes = await decoded(bytes, coding, index === 0 ? most : most + GROWTH_BYTES);
    return bytes;
  });
}

function codingsOf(contentEncoding = ""): string[] {
  const named = contentEncoding.split(",").map((name) => name.trim().toLowerCase());
  const codings = named.filter((name) => name !== "" && name !== "identity");
  const unknown = codings.find((name) => !Object.hasOwn(CODINGS, name));
  if (unknown !== undefined) throw notKnown(`content-encoding ${unknown.slice(0, 40)} is not known: send ${ACCEPTED}`);
  if (codings.length > MOST_CODINGS) throw notKnown(`at most ${MOST_CODINGS} content-encodings in a row`);
  return codings;
}

/** RFC 9110, 12.5.3: a 415 for its coding says which codings are taken. */
const notKnown = (message: string) =>
  new Refused("request/unsupported-encoding", message, { headers: { "accept-encoding": ACCEPTED } });

async function decoded(bytes: Buffer, coding: string, most: number): Promise<Buffer> {
  try {
    return (await CODINGS[coding]?.(bytes, { maxOutputLength: most })) ?? bytes;
  } catch (fault) {
    if ((fault as { code?: unknown }).code === "ERR_BUFFER_TOO_LARGE") throw tooLarge(most);
    throw new Refused("request/wrong-encoding", `the body is not ${coding}, as content-encoding says`);
  }
}

/** RFC 1950, 2.2. `deflate` means this format, but many clients send the bare one (RFC 1951), which never begins so. */
function hasZlibHeader(bytes: Buffer): boolean {
  const [method = 0, flags = 0] = bytes;
  return (method & 0x0f) === 8 && (method * 256 + flags) % 31 === 0;
}

export const tooLarge = (most: number) => new Refused("request/too-large", `at most ${most} bytes`);
