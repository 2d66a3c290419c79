import { zstdCompressSync, zstdDecompressSync } from "node:zlib";
import type { Origin } from "@rapport/contract/origin";

/** One accepted request, as it came: read and structured after it has been kept. */
export type Frame = {
  /** How the body is to be read. */
  format: "segment" | "cloudevent" | "event";
  /** The Segment call of a single-call route; null for a batch and for other formats. */
  call: string | null;
  /** The write key's name, a gateway's name, `hub`, `import`. */
  source: string;
  /** Who said what is in it; of the hub's own events, each says so itself. */
  origin: Origin;
  /** Whose message ids these are: an id means nothing outside its space. Null: the hub's own. */
  idSpace: string | null;
  /** Of a browser: whom it calls from, by keyed hash. */
  peer?: string;
  /** Names events that bring no id of their own: this and their number in the frame. */
  frameId: string;
  receivedAt: number;
  lane: number;
  /** Set where one of its calls is too large: it is refused when it is read, and the others are not. */
  holdsTooLarge?: true;
  body: Uint8Array;
};

/** A frame without what was sent in it. */
export type FrameHeader = Omit<Frame, "body">;

/** Below this, compressing costs more than it saves. */
const WORTH_COMPRESSING = 2_048;
const ZSTD = { params: { 100: 1 } };

/** Many frames in one row: `[header length][body length][header JSON][body]` each, the whole compressed when it pays. */
export function packFrames(frames: Frame[]): Buffer {
  const parts: Uint8Array[] = [];
  for (const { body, ...header } of frames) {
    const head = Buffer.from(JSON.stringify(header));
    const lengths = Buffer.allocUnsafe(8);
    lengths.writeUInt32LE(head.length, 0);
    lengths.writeUInt32LE(body.length, 4);
    parts.push(lengths, head, body);
  }
  return pack(Buffer.concat(parts));
}

export function unpackFrames(packed: Buffer): Frame[] {
  const bytes = unpack(packed);
  const frames: Frame[] = [];
  for (let offset = 0; offset < bytes.length; ) {
    const headLength = bytes.readUInt32LE(offset);
    const bodyLength = bytes.readUInt32LE(offset + 4);
    const head = bytes.toString("utf8", offset + 8, offset + 8 + headLength);
    const bodyStart = offset + 8 + headLength;
    frames.push({
      ...FROM_BEFORE_ORIGINS,
      ...(JSON.parse(head) as FrameHeader),
      body: bytes.subarray(bodyStart, bodyStart + bodyLength),
    });
    offset = bodyStart + bodyLength;
  }
  return frames;
}

/** Frames that wait since before frames said who spoke. */
const FROM_BEFORE_ORIGINS: Pick<Frame, "origin" | "idSpace"> = { origin: "server", idSpace: null };

/** Bytes as they are kept in a queue row: one marking byte, then plain (0) or zstd (1). */
export function pack(bytes: Buffer): Buffer {
  if (bytes.length < WORTH_COMPRESSING) return Buffer.concat([Buffer.of(0), bytes]);
  return Buffer.concat([Buffer.of(1), zstdCompressSync(bytes, ZSTD)]);
}

export function unpack(packed: Buffer): Buffer {
  const bytes = packed.subarray(1);
  return packed[0] === 1 ? zstdDecompressSync(bytes) : bytes;
}
