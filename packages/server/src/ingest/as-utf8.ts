/** The bytes of a text file as UTF-8 and without a byte order mark: UTF-16 is known by its mark, or by the NULs of its first letter. */
export async function* asUtf8(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let decoder: TextDecoder | null = null;
  let isFirst = true;
  for await (const chunk of bytes) {
    if (isFirst) decoder = decoderFor(chunk);
    const hasMark = isFirst && chunk.subarray(0, 3).toString("hex") === "efbbbf";
    isFirst = false;
    if (decoder) yield Buffer.from(decoder.decode(chunk, { stream: true }));
    else yield hasMark ? chunk.subarray(3) : chunk;
  }
  if (decoder) yield Buffer.from(decoder.decode());
}

function decoderFor([first, second, third, fourth]: Buffer): TextDecoder | null {
  const isLittle = (first === 0xff && second === 0xfe) || (first !== 0 && second === 0 && third !== 0 && fourth === 0);
  const isBig = (first === 0xfe && second === 0xff) || (first === 0 && second !== 0 && third === 0 && fourth !== 0);
  return isLittle || isBig ? new TextDecoder(isLittle ? "utf-16le" : "utf-16be") : null;
}
