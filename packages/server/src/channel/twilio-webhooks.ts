import { createHash, createHmac, timingSafeEqual } from "node:crypto";

import { carrierNumber } from "@rapport/engine/identity/index";

import type { InboundTouch } from "./gateway.ts";
import { isOptOutCode } from "./twilio-codes.ts";

/** A webhook as it came: the whole public URL, the X-Twilio-Signature header, and the form's fields. */
export type TwilioWebhook = { url: string; signature: string | undefined; params: Record<string, string> };

/**
 * Whether the provider sent it: base64 HMAC-SHA1 over the URL and the sorted fields (Twilio, "Webhooks security"). The
 * URL is tried with and without its port, since proxies differ. Compares in constant time; any wrong shape is false.
 */
export function isSignedByTwilio({ url, signature, params }: TwilioWebhook, authToken: string): boolean {
  if (signature === undefined || !URL.canParse(url)) return false;
  const given = Buffer.from(signature);
  const matches = spellings(url).map((spelling) => {
    const expected = createHmac("sha1", authToken).update(signedText(spelling, params), "utf8").digest("base64");
    return given.length === expected.length && timingSafeEqual(given, Buffer.from(expected));
  });
  return matches.includes(true);
}

function signedText(url: string, params: Record<string, string>): string {
  const fields = Object.keys(params)
    .sort()
    .map((name) => name + params[name]);
  return url + fields.join("");
}

/** As given; with the scheme's port written out; with no port. The rest stays byte for byte. */
function spellings(url: string): string[] {
  const [, scheme = "", host = "", rest = ""] = url.match(/^(https?):\/\/([^/?#]*)(.*)$/is) ?? [];
  const bare = host.replace(/:\d+$/, "");
  const port = scheme.toLowerCase() === "https" ? 443 : 80;
  return [...new Set([url, `${scheme}://${bare}:${port}${rest}`, `${scheme}://${bare}${rest}`])];
}

/** What a status callback tells, or null when it is no end of anything. The key is the one that the gateway put into the URL. */
export function readTwilioStatus(gateway: string, { url, params }: TwilioWebhook, at: number): InboundTouch | null {
  const status = ENDS.get(params.MessageStatus ?? params.SmsStatus ?? "");
  const providerId = params.MessageSid ?? params.SmsSid ?? null;
  if (status === undefined || providerId === null) return null;
  const key = URL.parse(url)?.searchParams.get("key") ?? null;
  const reason =
    status === "failed" ? `${params.MessageStatus ?? params.SmsStatus} ${params.ErrorCode ?? ""}`.trim() : null;
  const isOptedOut = status === "failed" && isOptOutCode(Number(params.ErrorCode));
  return { kind: "receipt", gateway, providerId, key, status, reason, ...(isOptedOut ? { isOptedOut } : {}), at };
}

const ENDS = new Map<string, "delivered" | "seen" | "failed">([
  ["delivered", "delivered"],
  ["read", "seen"],
  ["undelivered", "failed"],
  ["failed", "failed"],
  ["canceled", "failed"],
]);

/**
 * A message from a phone, or null when the webhook is no message. Its id is made of all that was signed: nothing there tells
 * where one field ends, so whoever has a signed call could send it again with another MessageSid, longer by the next field.
 * What MessageSid looks like differs among compatible providers, so that its form tells nothing.
 */
export function readTwilioMessage(gateway: string, { url, params }: TwilioWebhook, at: number): InboundTouch | null {
  const { From: from, To: to, Body: text, MessageSid: sid } = params;
  if (from === undefined || to === undefined || sid === undefined) return null;
  const id = createHash("sha256")
    .update(JSON.stringify([gateway, signedText(url, params)]))
    .digest("hex")
    .slice(0, 32);
  const ends = { from: carrierNumber(from, "international", null), to: carrierNumber(to, "international", null) };
  return { kind: "reply", gateway, channel: "sms", ...ends, text: text ?? "", inReplyToKey: null, at, id };
}
