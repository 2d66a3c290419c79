import { createHash, type KeyObject, verify } from "node:crypto";

/** Whether a mail's one DKIM signature holds (RFC 6376, rsa-sha256, relaxed/relaxed, whole body), and what it covers. */
export function verifyDkim(raw: string, publicKey: KeyObject): { valid: boolean; covered: string[] } {
  const end = raw.indexOf("\r\n\r\n");
  const headers = raw.slice(0, end).split(/\r\n(?![ \t])/);
  const signature = headers.find((line) => /^dkim-signature:/i.test(line)) ?? "";
  const tags = new Map(
    signature
      .slice(signature.indexOf(":") + 1)
      .split(";")
      .map((tag): [string, string] => [
        tag.slice(0, tag.indexOf("=")).trim(),
        tag.slice(tag.indexOf("=") + 1).replace(/\s/g, ""),
      ]),
  );
  const covered = (tags.get("h") ?? "").split(":");
  const bodyHash = createHash("sha256")
    .update(relaxedBody(raw.slice(end + 4)), "latin1")
    .digest("base64");
  const signed = [...taken(headers, covered), relaxedHeader(signature.replace(/(\bb=)[^;]+$/, "$1"))].join("\r\n");
  const valid = verify("sha256", Buffer.from(signed, "latin1"), publicKey, Buffer.from(tags.get("b") ?? "", "base64"));
  return { valid: valid && bodyHash === tags.get("bh"), covered };
}

/** Each name of `h=` takes the lowest header of that name that is not yet taken (RFC 6376, 5.4.2). */
function taken(headers: string[], names: string[]): string[] {
  const left = [...headers];
  return names.flatMap((name) => {
    const index = left.findLastIndex((line) => line.toLowerCase().startsWith(`${name.toLowerCase()}:`));
    return index < 0 ? [] : left.splice(index, 1).map(relaxedHeader);
  });
}

function relaxedHeader(line: string): string {
  const colon = line.indexOf(":");
  const value = line
    .slice(colon + 1)
    .replace(/\r\n/g, "")
    .replace(/[ \t]+/g, " ")
    .trim();
  return `${line.slice(0, colon).trim().toLowerCase()}:${value}`;
}

function relaxedBody(body: string): string {
  const lines = body.split("\r\n").map((line) => line.replace(/[ \t]+/g, " ").replace(/ $/, ""));
  const text = lines.join("\r\n").replace(/(\r\n)+$/, "");
  return text === "" ? "" : `${text}\r\n`;
}
