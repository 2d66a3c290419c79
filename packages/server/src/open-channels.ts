import { readFileSync } from "node:fs";

import {
  type Gateway,
  openImapReader,
  openMailDns,
  openMailListener,
  type MailRoom,
  openMailRoom,
  openSmppGateway,
  openSmtpGateway,
  openTwilioGateway,
} from "./channel/index.ts";
import type { Config } from "./config.ts";
import type { OpenChannels } from "./hub.ts";
import { openOutboundHttp } from "./platform/outbound-http.ts";
import { peerAddress } from "./platform/peer-address.ts";

type Options = {
  mail: Config["mail"];
  sms: Config["sms"];
  rootsFile: string | null;
  publicUrl: string;
  /** The address that mail is taken on. */
  host: string;
  allowedHosts: readonly string[];
  now: () => number;
  onFault: (where: string, fault: unknown) => void;
};

/** Opens what the configuration names, and nothing else: mail out, mail in by SMTP and IMAP, SMS by SMPP or a REST provider. */
export function channelsOf({
  mail,
  sms,
  rootsFile,
  publicUrl,
  host,
  allowedHosts,
  now,
  onFault,
}: Options): OpenChannels {
  return async (hear, secret) => {
    const gateways: Gateway[] = [];
    const closers: (() => Promise<void> | void)[] = [];
    const ownRoots = rootsFile === null ? null : readFileSync(rootsFile, "utf8");
    let room: MailRoom | null = null;
    const trust = { lookUp: openMailDns(), relays: mail.trustedRelays, authservIds: mail.trustedAuthserv };
    /** Its threads take memory, so there are none where no mail is read. */
    const reading = () => {
      room ??= openMailRoom();
      return { gateway: "mail", domain: mail.domain, secret, room, trust };
    };

    if (mail.url)
      gateways.push(openSmtpGateway({ ...peerAddress(mail.url), ownRoots, name: "mail", ...mailTerms(mail, secret) }));
    if (mail.listenPort !== null) {
      const listener = await openMailListener({
        ...reading(),
        host,
        port: mail.listenPort,
        largestBytes: 10_000_000,
        tls: mail.listenTls && {
          key: readFileSync(mail.listenTls.keyFile, "utf8"),
          cert: readFileSync(mail.listenTls.certFile, "utf8"),
        },
        now,
        hear,
      });
      closers.push(listener.close);
    }
    if (mail.imapUrl) {
      const { auth, ...peer } = peerAddress(mail.imapUrl);
      const reader = openImapReader({
        ...reading(),
        ...peer,
        ownRoots,
        user: auth?.user ?? "",
        pass: auth?.pass ?? "",
        mailbox: "INBOX",
        largestBytes: 10_000_000,
        firstRetryMs: 1_000,
        random: Math.random,
        now,
        hear,
        onFault: (fault) => onFault("imap", fault),
      });
      closers.push(reader.close);
    }
    if (sms.smppUrl) {
      const { auth, security, ...peer } = peerAddress(sms.smppUrl);
      gateways.push(
        openSmppGateway({
          name: "sms",
          ...peer,
          tls: security === "tls",
          ownRoots,
          systemId: auth?.user ?? "",
          password: auth?.pass ?? "",
          systemType: "",
          source: sms.sender,
          alphabet: sms.alphabet,
          ratePerSecond: 200,
          window: 50,
          timeoutMs: 10_000,
          enquireEveryMs: 15_000,
          firstRetryMs: 300,
          random: Math.random,
          now,
          hear,
          onFault: (fault) => onFault("smpp", fault),
        }),
      );
    } else if (sms.twilio) {
      const http = openOutboundHttp({
        allowHosts: [...allowedHosts],
        timeoutMs: 15_000,
        largestAnswerBytes: 1_000_000,
      });
      closers.push(() => http.close());
      gateways.push(
        openTwilioGateway({
          name: "sms",
          ...sms.twilio,
          sender: sms.sender,
          statusCallback: `${publicUrl}/gateways/twilio/status`,
          ratePerSecond: 100,
          http,
          now,
        }),
      );
    }
    return {
      gateways,
      async close() {
        for (const close of closers) await close();
        await room?.close();
      },
    };
  };
}

function mailTerms(mail: Config["mail"], secret: string) {
  const [, name = "", address = mail.from] = /^(.*?)\s*<([^>]+)>$/.exec(mail.from) ?? [];
  const dkim = mail.dkim && {
    domain: mail.domain,
    selector: mail.dkim.selector,
    privateKey: readFileSync(mail.dkim.privateKeyFile, "utf8"),
  };
  return {
    from: { name, address },
    domain: mail.domain,
    secret,
    dkim,
    ratePerSecond: 500,
    connectionsPerLane: 4,
    timeoutMs: 20_000,
  };
}
