import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { brotliCompressSync, createGzip, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from "node:zlib";

import { Refused } from "../platform/http/problem.ts";
import { decodeBody } from "./decode-body.ts";

const TEXT = Buffer.from(JSON.stringify({ userId: "ann", event: "Seen", properties: { x: "x".repeat(5_000) } }));
const MOST = 10_000;

const codings: [what: string, contentEncoding: string | undefined, sent: Buffer][] = [
  ["no coding", undefined, TEXT],
  ["an empty header", "", TEXT],
  ["identity", "identity", TEXT],
  ["gzip", "gzip", gzipSync(TEXT)],
  ["x-gzip", "x-gzip", gzipSync(TEXT)],
  ["GZIP in capitals", "GZIP", gzipSync(TEXT)],
  ["deflate in zlib's format", "deflate", deflateSync(TEXT)],
  ["deflate in zlib's format, stored", "deflate", deflateSync(TEXT, { level: 0 })],
  ["bare deflate", "deflate", deflateRawSync(TEXT)],
  ["bare deflate, stored", "deflate", deflateRawSync(TEXT, { level: 0 })],
  ["bare deflate of a small window", "deflate", deflateRawSync(TEXT, { windowBits: 9 })],
  ["br", "br", brotliCompressSync(TEXT)],
  ["zstd", "zstd", zstdCompressSync(TEXT)],
  ["gzip and then br", "gzip, br", brotliCompressSync(gzipSync(TEXT))],
  ["br, identity, deflate", "br,identity , Deflate", deflateSync(brotliCompressSync(TEXT))],
];
for (const [what, contentEncoding, sent] of codings) {
  test(`${what} is read as what was meant`, async () => {
    assert.deepEqual(await decodeBody(sent, contentEncoding, MOST), TEXT);
  });
}

const refused: [what: string, contentEncoding: string, sent: Buffer, code: string][] = [
  ["an unknown coding", "snappy", TEXT, "request/unsupported-encoding"],
  ["a name of an object's own", "constructor", TEXT, "request/unsupported-encoding"],
  ["compress", "gzip, compress", gzipSync(TEXT), "request/unsupported-encoding"],
  ["four codings", "gzip, gzip, gzip, gzip", TEXT, "request/unsupported-encoding"],
  ["text that is said to be gzip", "gzip", TEXT, "request/wrong-encoding"],
  ["gzip that is cut", "gzip", gzipSync(TEXT).subarray(0, 20), "request/wrong-encoding"],
  ["nothing that is said to be br", "br", Buffer.alloc(0), "request/wrong-encoding"],
  ["codings in the wrong order", "br, gzip", brotliCompressSync(gzipSync(TEXT)), "request/wrong-encoding"],
  ["a byte too much", "gzip", gzipSync(Buffer.alloc(MOST + 1)), "request/too-large"],
  ["a byte too much without a coding", "identity", Buffer.alloc(MOST + 1), "request/too-large"],
  ["a bomb of bare deflate", "deflate", deflateRawSync(Buffer.alloc(5_000_000)), "request/too-large"],
  ["a bomb within", "gzip, br", brotliCompressSync(gzipSync(Buffer.alloc(5_000_000))), "request/too-large"],
];
for (const [what, contentEncoding, sent, code] of refused) {
  test(`${what} is ${code}`, async () => {
    await assert.rejects(
      decodeBody(sent, contentEncoding, MOST),
      (fault) => fault instanceof Refused && fault.code === code,
    );
  });
}

test("a body of exactly the most is taken, though it grew by being compressed twice", async () => {
  const random = crypto.getRandomValues(Buffer.alloc(MOST));
  assert.deepEqual(await decodeBody(brotliCompressSync(gzipSync(random)), "gzip, br", MOST), random);
});

test("a body is decoded while others go on", async () => {
  for (const [coding, sent] of codings.map(([, coding, sent]) => [coding, sent] as const)) {
    if (coding === undefined || coding === "" || coding === "identity") continue;
    let hasGoneOn = false;
    setImmediate(() => (hasGoneOn = true));
    await decodeBody(sent, coding, MOST);
    assert.ok(hasGoneOn, coding);
  }
});

test("a bomb of 400 MB in each coding costs no more memory than an honest body", async () => {
  const gzipped = await gzippedZeros(400);
  const bombs: [string, Buffer][] = [
    ["gzip", gzipped],
    ["gzip, br", brotliCompressSync(gzipped)],
    ["gzip, zstd", zstdCompressSync(gzipped)],
  ];
  const before = process.resourceUsage().maxRSS;
  for (const [contentEncoding, bomb] of bombs) {
    assert.ok(bomb.length < 512_000, `${bomb.length}`);
    await assert.rejects(decodeBody(bomb, contentEncoding, 512_000), /at most/);
  }
  const grewMb = (process.resourceUsage().maxRSS - before) / 1_024;
  assert.ok(grewMb < 50, `${grewMb} MB`);
});

/** Made bit by bit, so that making it takes no memory either. */
async function gzippedZeros(megabytes: number): Promise<Buffer> {
  const gzip = createGzip();
  const chunks: Buffer[] = [];
  gzip.on("data", (chunk: Buffer) => chunks.push(chunk));
  const megabyte = Buffer.alloc(1_048_576);
  for (let n = 0; n < megabytes; n++) if (!gzip.write(megabyte)) await once(gzip, "drain");
  gzip.end();
  await once(gzip, "end");
  return Buffer.concat(chunks);
}
