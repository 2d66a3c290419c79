import {
  brotliDecompressSync,
  gunzipSync,
  inflateRawSync,
  inflateSync,
  constants as zlib,
  zstdDecompressSync,
} from "node:zlib";

import { Refused } from "../platform/http/problem.ts";

type Bound = { maxOutputLength: number };
type Decode = (bytes: Buffer, bound: Bound) => Buffer;

/** RFC 9659: who sends zstd over HTTP keeps to windows of 8 MB, so that receivers know what memory it takes. */
const ZSTD_WINDOW = { params: { [zlib.ZSTD_d_windowLogMax]: 23 } };

const CODINGS: Record<string, Decode> = {
  gzip: gunzipSync,
  "x-gzip": gunzipSync,
  deflate: (bytes, bound) => (hasZlibHeader(bytes) ? inflateSync(bytes, bound) : inflateRawSync(bytes, bound)),
  br: brotliDecompressSync,
  zstd: (bytes, bound) => zstdDecompressSync(bytes, { ...bound, ...ZSTD_WINDOW }),
};
const ACCEPTED = "gzip, deflate, br, zstd, identity";

const MOST_CODINGS = 3;
/** What compresses badly grows: between two codings a body may be this much larger than it may be in the end. */
const GROWTH_BYTES = 16_384;

/**
 * The body as it was before `content-encoding` (RFC 9110, 8.4: codings in the order they were applied, in any case), of
 * at most `most` bytes: decoding stops there, so a bomb costs no more memory than an honest body. Refuses a coding that
 * is not known with 415, and a body that is too large or is not what its codings say with 400.
 */
export function decodeBody(sent: Buffer, contentEncoding: string | undefined, most: number): Buffer {
  const codings = codingsOf(contentEncoding);
  const bytes = codings.reduceRight(
    (encoded, coding, index) => decoded(encoded, coding, index === 0 ? most : most + GROWTH_BYTES),
    sent,
  );
  if (bytes.length > most) throw tooLarge(most);
  return bytes;
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

function decoded(bytes: Buffer, coding: string, most: number): Buffer {
  try {
    return CODINGS[coding]?.(bytes, { maxOutputLength: most }) ?? bytes;
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

const tooLarge = (most: number) => new Refused("request/too-large", `at most ${most} bytes`);
