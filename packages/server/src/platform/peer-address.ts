import { isIP } from "node:net";

/** How a link is secured: `tls` from the first byte, `starttls` required before anything else, or `plain`, in clear. */
export type LinkSecurity = "tls" | "starttls" | "plain";

export type PeerAddress = {
  host: string;
  port: number;
  security: LinkSecurity;
  auth: { user: string; pass: string } | null;
};

/** What each scheme asks for. `when-remote` is STARTTLS unless the peer is on this machine. SMPP knows no STARTTLS. */
const SCHEMES: Record<string, { port: number; security: LinkSecurity | "when-remote" }> = {
  "smtp:": { port: 587, security: "when-remote" },
  "smtps:": { port: 465, security: "tls" },
  "smtp+clear:": { port: 25, security: "plain" },
  "imap:": { port: 143, security: "when-remote" },
  "imaps:": { port: 993, security: "tls" },
  "imap+clear:": { port: 143, security: "plain" },
  "smpp:": { port: 2775, security: "plain" },
  "ssmpp:": { port: 3550, security: "tls" },
};

export const SMTP_SCHEMES = ["smtp:", "smtps:", "smtp+clear:"];
export const IMAP_SCHEMES = ["imap:", "imaps:", "imap+clear:"];
export const SMPP_SCHEMES = ["smpp:", "ssmpp:"];

/** What a message centre may mean by its default alphabet. */
export const SMS_ALPHABETS = ["gsm7", "latin1", "ascii"] as const;
export type SmsAlphabet = (typeof SMS_ALPHABETS)[number];

/** Whom an address of the configuration names, and how the link to it must be secured. Nothing is sent in clear to another machine unless its scheme says so. */
export function peerAddress(address: string): PeerAddress {
  const { protocol, hostname, port, username, password } = new URL(address);
  const scheme = SCHEMES[protocol];
  if (!scheme) throw new Error(`nobody is reached by ${protocol}//`);
  const host = hostname.replace(/^\[(.*)\]$/, "$1");
  const security = scheme.security === "when-remote" ? (isThisMachine(host) ? "plain" : "starttls") : scheme.security;
  const auth = username ? { user: decodeURIComponent(username), pass: decodeURIComponent(password) } : null;
  return { host, port: port === "" ? scheme.port : Number(port), security, auth };
}

/** By its spelling alone: what a name resolves to may change. */
function isThisMachine(host: string): boolean {
  return host === "localhost" || host === "::1" || (isIP(host) === 4 && host.startsWith("127."));
}
