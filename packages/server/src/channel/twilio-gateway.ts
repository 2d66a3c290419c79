import {
  type OutboundAnswer,
  type OutboundHttp,
  OutboundRefused,
  OutboundUnreachable,
} from "../platform/outbound-http.ts";
import { type Gateway, type Handoff, type HandoffResult, wrongContent } from "./gateway.ts";
import { onePhoneNumber } from "./one-phone-number.ts";
import { refusalByCode } from "./twilio-codes.ts";

export type TwilioGatewayOptions = {
  name: string;
  /** https://api.twilio.com, or another that speaks the same. */
  baseUrl: string;
  accountSid: string;
  authToken: string;
  /** A number of ours, or a messaging service's sid (MG…). */
  sender: string;
  /** Where the provider tells what came of a message; the key is added as a query parameter. */
  statusCallback: string | null;
  ratePerSecond: number;
  http: OutboundHttp;
  now: () => number;
};

/** SMS by a REST interface as Twilio's. It takes no idempotency key; the key comes back in the status callback's URL. */
export function openTwilioGateway(options: TwilioGatewayOptions): Gateway {
  const url = `${options.baseUrl}/2010-04-01/Accounts/${encodeURIComponent(options.accountSid)}/Messages.json`;
  const authorization = `Basic ${Buffer.from(`${options.accountSid}:${options.authToken}`).toString("base64")}`;

  return {
    name: options.name,
    channel: "sms",
    takesKey: false,
    ratePerSecond: options.ratePerSecond,
    async send(handoff) {
      if (handoff.content.kind !== "sms") return wrongContent({ channel: "sms" }, handoff.content);
      if (onePhoneNumber(handoff.to) === null)
        return { kind: "refused", reason: "bad-address", detail: "not an E.164 number" };

      const headers = { authorization, "content-type": "application/x-www-form-urlencoded" };
      try {
        return resultOf(
          await options.http.request({ method: "POST", url, headers, body: formOf(handoff, options) }),
          options.now(),
        );
      } catch (problem) {
        if (problem instanceof OutboundRefused || problem instanceof OutboundUnreachable)
          return { kind: "later", retryAfterMs: null, detail: problem.message };
        throw problem;
      }
    },
    async close() {},
  };
}

function formOf({ key, to, content }: Handoff, { sender, statusCallback }: TwilioGatewayOptions): string {
  const form = new URLSearchParams({ To: to, Body: content.text });
  form.set(sender.startsWith("MG") ? "MessagingServiceSid" : "From", sender);
  if (statusCallback !== null) {
    const callback = new URL(statusCallback);
    callback.searchParams.set("key", key);
    form.set("StatusCallback", callback.href);
  }
  return form.toString();
}

function resultOf(answer: OutboundAnswer, nowMs: number): HandoffResult {
  const { sid, code, message } = readAnswer(answer.body);
  const detail =
    `HTTP ${answer.status}${code === null ? "" : `, code ${code}`}${message === null ? "" : `: ${message}`}`.slice(
      0,
      500,
    );
  // A success that names no message is not understood: nobody knows what became of it.
  if (answer.status >= 200 && answer.status < 300) {
    if (sid === null) throw new Error(`${detail}: the answer names no message`);
    return { kind: "accepted", providerId: sid };
  }
  const reason = code === null ? null : refusalByCode(code, message ?? "");
  if (reason !== null) return { kind: "refused", reason, detail };
  // 401, 403 and 404 speak of our account, not of the message: an operator mends them.
  if (answer.status === 400) return { kind: "refused", reason: "content", detail };
  return { kind: "later", retryAfterMs: retryAfterMs(answer.headers["retry-after"], nowMs), detail };
}

function readAnswer(body: string): { sid: string | null; code: number | null; message: string | null } {
  try {
    const answer: unknown = JSON.parse(body);
    if (typeof answer !== "object" || answer === null) return NOTHING;
    const { sid, code, message } = answer as Record<string, unknown>;
    return {
      sid: typeof sid === "string" ? sid : null,
      code: typeof code === "number" ? code : null,
      message: typeof message === "string" ? message : null,
    };
  } catch {
    return NOTHING;
  }
}

const NOTHING = { sid: null, code: null, message: null };

/** RFC 9110, 10.2.3: seconds, or a date. */
function retryAfterMs(header: string | undefined, nowMs: number): number | null {
  if (header === undefined) return null;
  const ms = /^\d+$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - nowMs;
  return Number.isFinite(ms) ? Math.max(0, ms) : null;
}
