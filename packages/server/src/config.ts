import { isIP } from "node:net";
import { join } from "node:path";

import { IMAP_SCHEMES, SMPP_SCHEMES, SMS_ALPHABETS, type SmsAlphabet, SMTP_SCHEMES } from "./platform/peer-address.ts";

export const ROLES = ["api", "worker", "sender"] as const;
export type Role = (typeof ROLES)[number];

export type Config = {
  /** Null: an embedded PostgreSQL in the data folder. */
  databaseUrl: string | null;
  /** Who may change the schema, where `databaseUrl` names a role that may not; null: one role is made from the other. */
  migrationUrl: string | null;
  dataFolder: string;
  host: string;
  port: number;
  /** The address customers and colleagues reach us by; links in messages begin with it. */
  publicUrl: string;
  /** Addresses and networks (CIDR) of the proxies before us: `X-Forwarded-*` counts from these and from nobody else. */
  trustedProxies: readonly string[];
  roles: readonly Role[];
  /** A demo company with simulated customers is loaded into an empty database. */
  demo: boolean;
  company: { name: string; zone: string; locale: string };
  logLevel: string;
  mail: {
    /** `smtps://user:password@host:port`, see channel/peer-address.ts; null: no e-mail is sent. */
    url: string | null;
    from: string;
    domain: string;
    /** Port on which replies and bounces come in by SMTP; null: not at all. */
    listenPort: number | null;
    /** What that port offers STARTTLS with; null: mail comes in clear. */
    listenTls: { keyFile: string; certFile: string } | null;
    dkim: { selector: string; privateKeyFile: string } | null;
    imapUrl: string | null;
    /** Relays of ours, by address or network, and the names under which they write `Authentication-Results` (RFC 8601). */
    trustedRelays: readonly string[];
    trustedAuthserv: readonly string[];
  };
  sms: {
    /** `ssmpp://system:password@host:port`, or `smpp:` in clear. */
    smppUrl: string | null;
    /** What the message centre means by its default alphabet. */
    alphabet: SmsAlphabet;
    sender: string;
    /** Of one part, for what the console tells who writes. */
    price: { amount: number; currency: string } | null;
    twilio: { baseUrl: string; accountSid: string; authToken: string } | null;
  };
  /** PEM file of certificate authorities trusted for mail and SMS peers besides the public ones. */
  rootsFile: string | null;
  /** Hosts that outbound HTTP may reach although their addresses are private. */
  allowedHosts: readonly string[];
};

/** Reads the environment, the one place that does. Names every fault at once. */
export function readConfig(env: Record<string, string | undefined>): Config {
  const faults: string[] = [];
  const port = whole("PORT", 8080) ?? 8080;
  const roles = (env.ROLES ?? ROLES.join(",")).split(",").map((role) => role.trim());
  for (const role of roles)
    if (!ROLES.includes(role as Role)) faults.push(`ROLES may name ${ROLES.join(", ")}, not "${role}"`);
  const zone = env.COMPANY_ZONE ?? "America/New_York";
  if (!isZone(zone)) faults.push(`COMPANY_ZONE must be an IANA zone, not "${zone}"`);
  const domain = env.MAIL_DOMAIN ?? "rapport.example";
  const config: Config = {
    databaseUrl: url("DATABASE_URL", ["postgres:", "postgresql:"]),
    migrationUrl: url("MIGRATION_URL", ["postgres:", "postgresql:"]),
    dataFolder: env.DATA_FOLDER ?? join(import.meta.dirname, "../../../.rapport"),
    host: env.HOST ?? "127.0.0.1",
    port,
    publicUrl: (url("PUBLIC_URL", ["http:", "https:"]) ?? `http://localhost:${port}`).replace(/\/$/, ""),
    trustedProxies: networks("TRUSTED_PROXIES"),
    roles: roles as Role[],
    demo: (env.DEMO ?? "yes") !== "no",
    company: { name: env.COMPANY_NAME ?? "Northwind Mobile", zone, locale: env.COMPANY_LOCALE ?? "en" },
    logLevel: env.LOG_LEVEL ?? "warn",
    mail: {
      url: url("SMTP_URL", SMTP_SCHEMES),
      from: env.MAIL_FROM ?? `Northwind Mobile <care@${domain}>`,
      domain,
      listenPort: whole("MAIL_LISTEN_PORT", null),
      listenTls: listenTls(),
      dkim: env.DKIM_KEY_FILE ? { selector: env.DKIM_SELECTOR ?? "rapport", privateKeyFile: env.DKIM_KEY_FILE } : null,
      imapUrl: url("IMAP_URL", IMAP_SCHEMES),
      trustedRelays: networks("MAIL_TRUSTED_RELAYS"),
      trustedAuthserv: list("MAIL_TRUSTED_AUTHSERV"),
    },
    sms: {
      smppUrl: url("SMPP_URL", SMPP_SCHEMES),
      alphabet: alphabet(),
      sender: env.SMS_SENDER ?? "RAPPORT",
      price: price("SMS_PRICE"),
      twilio: twilio(),
    },
    rootsFile: env.TLS_ROOTS_FILE || null,
    allowedHosts: list("ALLOWED_HOSTS"),
  };
  if (faults.length > 0) throw new Error(`bad configuration:\n  ${faults.join("\n  ")}`);
  return Object.freeze(config);

  function whole(name: string, otherwise: number | null): number | null {
    const text = env[name];
    if (text === undefined || text === "") return otherwise;
    if (/^\d{1,5}$/.test(text)) return Number(text);
    faults.push(`${name} must be a whole number, not "${text}"`);
    return otherwise;
  }

  function list(name: string): string[] {
    return (env[name] ?? "")
      .split(",")
      .map((one) => one.trim())
      .filter((one) => one !== "");
  }

  function networks(name: string): string[] {
    const all = list(name);
    for (const one of all)
      if (!isNetwork(one)) faults.push(`${name} may list addresses and networks such as 10.0.0.0/8, not "${one}"`);
    return all;
  }

  function url(name: string, protocols: string[]): string | null {
    const text = env[name];
    if (!text) return null;
    if (URL.canParse(text) && protocols.includes(new URL(text).protocol)) return text;
    faults.push(`${name} must be an address beginning with ${protocols.join("// or ")}//`);
    return null;
  }

  function listenTls(): Config["mail"]["listenTls"] {
    const { MAIL_LISTEN_KEY_FILE: keyFile, MAIL_LISTEN_CERT_FILE: certFile } = env;
    if (keyFile && certFile) return { keyFile, certFile };
    if (keyFile || certFile) faults.push("MAIL_LISTEN_KEY_FILE and MAIL_LISTEN_CERT_FILE go together");
    return null;
  }

  function price(name: string): Config["sms"]["price"] {
    const text = env[name];
    if (!text) return null;
    const [, amount, currency = ""] = /^(\d{1,4}(?:\.\d{1,6})?) ([A-Z]{3})$/.exec(text) ?? [];
    if (amount !== undefined) return { amount: Number(amount), currency };
    faults.push(`${name} must be an amount and a currency, such as 0.0079 USD, not "${text}"`);
    return null;
  }

  function alphabet(): SmsAlphabet {
    const named = SMS_ALPHABETS.find((one) => one === (env.SMPP_ALPHABET || "gsm7"));
    if (!named) faults.push(`SMPP_ALPHABET may be ${SMS_ALPHABETS.join(", ")}, not "${env.SMPP_ALPHABET}"`);
    return named ?? "gsm7";
  }

  function twilio(): Config["sms"]["twilio"] {
    const { TWILIO_ACCOUNT_SID: accountSid, TWILIO_AUTH_TOKEN: authToken } = env;
    if (!accountSid && !authToken) return null;
    if (!accountSid || !authToken) {
      faults.push("TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN go together");
      return null;
    }
    return { baseUrl: env.TWILIO_URL ?? "https://api.twilio.com", accountSid, authToken };
  }
}

function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

function isNetwork(text: string): boolean {
  const [address = "", prefix, more] = text.split("/");
  const bits = isIP(address) === 4 ? 32 : 128;
  if (isIP(address) === 0 || more !== undefined) return false;
  return prefix === undefined || (/^[1-9]\d{0,2}$/.test(prefix) && Number(prefix) <= bits);
}
