const [NEWLINE, RETURN] = [10, 13];

/** A line with its number from 1, without its end. Of a line that is too long only the beginning is kept. */
export type Line = { number: number; bytes: Buffer; isCut: boolean };

/** Lines of a byte stream, empty ones too. They end by LF, CR LF or CR, each as it likes; the last may end by nothing. */
export async function* readLines(bytes: AsyncIterable<Buffer>, mostBytes: number): AsyncGenerator<Line> {
  let number = 1;
  let parts: Buffer[] = [];
  let length = 0;
  let afterReturn = false;
  const take = (part: Buffer) => {
    const room = Math.max(0, mostBytes - length);
    if (room > 0) parts.push(part.subarray(0, room));
    length += part.length;
  };
  const finish = (): Line => {
    const line = { number, bytes: Buffer.concat(parts), isCut: length > mostBytes };
    number += 1;
    parts = [];
    length = 0;
    return line;
  };

  for await (const chunk of bytes) {
    let start: number = afterReturn && chunk[0] === NEWLINE ? 1 : 0;
    if (chunk.length > 0) afterReturn = false;
    let [newline, carriage] = [chunk.indexOf(NEWLINE, start), chunk.indexOf(RETURN, start)];
    while (newline !== -1 || carriage !== -1) {
      const end = newline === -1 || (carriage !== -1 && carriage < newline) ? carriage : newline;
      take(chunk.subarray(start, end));
      yield finish();
      const isPair = end === carriage && chunk[end + 1] === NEWLINE;
      start = end + (isPair ? 2 : 1);
      afterReturn = end === carriage && end + 1 === chunk.length;
      // Each is looked for anew only when it was used up, or a file without it would be read once a line.
      if (newline !== -1 && newline < start) newline = chunk.indexOf(NEWLINE, start);
      if (carriage !== -1 && carriage < start) carriage = chunk.indexOf(RETURN, start);
    }
    take(chunk.subarray(start));
  }
  if (length > 0) yield finish();
}
