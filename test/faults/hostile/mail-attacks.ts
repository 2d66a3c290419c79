import { connect } from "node:net";

import { type Attack, DOMAIN, emailOf, peerOf, pick, type Target } from "./attack.ts";
import { smtpTalk } from "./smtp-talk.ts";

/** Of this machine, so that no name server is asked: it proves nothing, as any other domain of an attacker's would. */
const ENVELOPE = "eve@localhost";
const CARE = `care@${DOMAIN}`;
const HUGE_MB = 50;
const LINES = Buffer.alloc(1_000_000, `${"x".repeat(78)}\r\n`);

/** What somebody can write who knows the addresses of customers, and was sent a letter as one of them. */
export function mailAttacks({ mailPort, ownToken, customers, stopped, started, offered }: Target): Attack[] {
  const letter = (number: number, of: number, text: string, to = CARE) =>
    smtpTalk(mailPort, peerOf(number), { from: ENVELOPE, to, raw: replyOf(emailOf(of), to, text, number) });
  return [
    {
      ...{ name: "forged STOP", clients: 1, pauseMs: 150 },
      strike: (number) => letter(number, pick(stopped, number), "STOP"),
    },
    {
      ...{ name: "forged START", clients: 1, pauseMs: 150 },
      strike: (number) => letter(number, pick(started, number), "START"),
    },
    {
      ...{ name: "forged yes", clients: 1, pauseMs: 150 },
      strike: (number) =>
        letter(number, pick(offered, number), "1", number % 2 === 0 ? CARE : `reply+${ownToken}@${DOMAIN}`),
    },
    {
      ...{ name: "forged HELP", clients: 1, pauseMs: 200 },
      strike: (number) => letter(number, number % customers, "HELP"),
    },
    {
      ...{ name: "forged bounces", clients: 1, pauseMs: 150 },
      strike: (number) => {
        const to = `bounce${number % 2 === 0 ? `+${ownToken}` : ""}@${DOMAIN}`;
        const raw = bounceOf(emailOf(number % customers), to, number);
        return smtpTalk(mailPort, peerOf(number), { from: "", to, raw });
      },
    },
    {
      ...{ name: "huge letters", clients: 1, pauseMs: 2_000 },
      strike: (number) => smtpTalk(mailPort, peerOf(number), { from: ENVELOPE, to: CARE, raw: hugeLetter() }),
    },
  ];
}

/** Sockets that say nothing, from three addresses; one that is closed comes again. Answers how to let go. */
export function holdMailSockets(port: number, count: number): () => void {
  let isOver = false;
  const keepUp = (number: number) => {
    if (isOver) return;
    const socket = connect({ host: "127.0.0.1", port, localAddress: `127.0.2.${1 + (number % 3)}` });
    socket.on("error", () => undefined).resume();
    socket.on("close", () => void setTimeout(() => keepUp(number), 1_000).unref());
  };
  for (let number = 0; number < count; number++) keepUp(number);
  return () => {
    isOver = true;
  };
}

export function replyOf(from: string, to: string, text: string, number: number | string): string {
  return `From: ${from}\r\nTo: ${to}\r\nSubject: Re: A thing\r\nDate: ${new Date().toUTCString()}\r\nMessage-ID: <${number}-${Date.now()}@evil.example>\r\n\r\n${text}`;
}

function bounceOf(named: string, to: string, number: number): string {
  const status = `Reporting-MTA: dns; mx.example\r\n\r\nFinal-Recipient: rfc822; ${named}\r\nAction: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 User unknown`;
  return `From: MAILER-DAEMON@mx.example\r\nTo: ${to}\r\nSubject: Undelivered Mail Returned to Sender\r\nMessage-ID: <b${number}@mx.example>\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n\r\nSorry\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n${status}\r\n\r\n--b--`;
}

function* hugeLetter(): Generator<Buffer> {
  yield Buffer.from(`From: ${emailOf(0)}\r\nTo: ${CARE}\r\nSubject: huge\r\n\r\n`);
  for (let mb = 0; mb < HUGE_MB; mb++) yield LINES;
}
