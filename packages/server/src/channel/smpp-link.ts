import smpp, { type Pdu, type PduFields, type Session } from "smpp";

import type { Lane } from "./gateway.ts";
import { openLaneRoom } from "./lane-room.ts";
import { type SmppAnswers, smppAnswers } from "./smpp-answers.ts";
import { trustedRoots } from "./trusted-roots.ts";

export type SmppLinkOptions = {
  host: string;
  port: number;
  /** TLS from the first byte; a centre whose certificate is not its own is told no password. */
  tls: boolean;
  /** Certificate authorities of the company, PEM, trusted besides the public ones. */
  ownRoots: string | null;
  systemId: string;
  password: string;
  systemType: string;
  /** Submissions that may be without an answer at once. */
  window: number;
  /** Longest wait for any answer of the peer. */
  timeoutMs: number;
  enquireEveryMs: number;
  /** Wait before connecting again; it doubles up to half a minute, with jitter by `random`. */
  firstRetryMs: number;
  random: () => number;
  /** A message or a receipt from the network: acknowledged with its answer when this resolves, refused when it rejects. */
  onDeliver: (pdu: Pdu) => Promise<void>;
  /** Whether the peer has our answer to this delivery is not certain: it may deliver again. */
  onDoubt: (pdu: Pdu) => void;
  onFault: (problem: unknown) => void;
};

/** `down` says that nothing was sent, and why. A submission that was sent and not answered rejects: its outcome is unknown. */
export type Submitted = { kind: "answered"; status: number; messageId: string } | { kind: "down"; why: string };

export type SmppLink = {
  isBound(): boolean;
  submit(fields: PduFields, lane: Lane): Promise<Submitted>;
  close(): Promise<void>;
};

const LONGEST_RETRY_MS = 30_000;
const SYSTEM_ERROR = 0x08;

/** Keeps one transceiver bound to a message centre: binds, enquires, connects again when the link is lost. */
export function openSmppLink(options: SmppLinkOptions): SmppLink {
  const room = openLaneRoom(options.window);
  let bound: Session | null = null;
  let closing = false;
  let retry: NodeJS.Timeout | undefined;
  let lost = 0;
  let why = "not bound to the message centre";
  const open = new Map<Session, { answers: SmppAnswers; unproven: Set<Pdu> }>();
  /** TCP keeps order: when a request is answered, our answers that were sent before it have arrived. */
  const ask = (session: Session, send: (answer: (pdu: Pdu) => void) => boolean) => {
    const { answers, unproven } = open.get(session) ?? {};
    const before = [...(unproven ?? [])];
    const answer = answers?.ask(send) ?? false;
    if (answer)
      answer.then(
        () => {
          for (const pdu of before) unproven?.delete(pdu);
        },
        () => {},
      );
    return answer;
  };
  const firstBind = Promise.withResolvers<void>();

  const tell = (problem: Error) => {
    why = `not bound to the message centre: ${problem.message}`;
    options.onFault(problem);
  };

  const connect = () => {
    const { host, port, tls } = options;
    const session = smpp.connect({ host, port, tls, ...trustedRoots(options.ownRoots) });
    open.set(session, { answers: smppAnswers(options.timeoutMs), unproven: new Set() });
    const enquiries = setInterval(() => enquire(session), options.enquireEveryMs);
    const bindLimit = setTimeout(() => session.destroy(), options.timeoutMs);
    session.on(options.tls ? "secureConnect" : "connect", () =>
      session.bind_transceiver(
        {
          system_id: options.systemId,
          password: options.password,
          system_type: options.systemType,
          interface_version: 0x34,
        },
        (answer) => {
          clearTimeout(bindLimit);
          if (answer.command_status !== 0) {
            tell(new Error(`the message centre refused to bind: status ${answer.command_status}`));
            return session.destroy();
          }
          bound = session;
          lost = 0;
          firstBind.resolve();
        },
      ),
    );
    session.on("deliver_sm", (pdu: Pdu) => deliver(session, pdu));
    session.on("enquire_link", (pdu: Pdu) => session.send(pdu.response()));
    session.on("unbind", (pdu: Pdu) => {
      session.send(pdu.response());
      session.close();
    });
    session.on("error", (problem: Error) => {
      if (!closing) tell(problem);
      // After a PDU that it cannot read, the library reads no more.
      session.destroy();
    });
    session.on("close", () => {
      clearInterval(enquiries);
      clearTimeout(bindLimit);
      if (bound === session) bound = null;
      const { answers, unproven } = open.get(session) ?? {};
      answers?.cut();
      open.delete(session);
      for (const pdu of unproven ?? []) options.onDoubt(pdu);
      // Those that wait for the first bind learn that it failed; later ones find the link down at once.
      firstBind.resolve();
      if (!closing) retry = setTimeout(connect, retryMs());
    });
  };
  const retryMs = () => Math.min(LONGEST_RETRY_MS, options.firstRetryMs * 2 ** lost++) * (0.5 + options.random() / 2);

  const enquire = (session: Session) => {
    const answer = bound === session && ask(session, (done) => session.enquire_link(done));
    if (answer !== false) answer.catch(() => session.destroy());
  };

  const deliver = (session: Session, pdu: Pdu) => {
    options.onDeliver(pdu).then(
      () => {
        const { unproven } = open.get(session) ?? {};
        if (unproven && session.send(pdu.response())) unproven.add(pdu);
        else options.onDoubt(pdu);
      },
      (problem: unknown) => {
        options.onFault(problem);
        options.onDoubt(pdu);
        session.send(pdu.response({ command_status: SYSTEM_ERROR }));
      },
    );
  };

  connect();
  return {
    isBound: () => bound !== null,
    async submit(fields, lane) {
      await firstBind.promise;
      return room.within(lane, async () => {
        const session = bound;
        const answer = session !== null && ask(session, (done) => session.submit_sm(fields, done));
        if (!answer) return { kind: "down", why };
        const { command_status, message_id = "" } = await answer;
        return { kind: "answered", status: command_status, messageId: message_id };
      });
    },
    async close() {
      closing = true;
      clearTimeout(retry);
      firstBind.resolve();
      await room.empty();
      const session = bound;
      if (session !== null) await Promise.resolve(ask(session, (done) => session.unbind(done))).catch(() => {});
      await Promise.all([...open.keys()].map((session) => new Promise<void>((resolve) => session.destroy(resolve))));
    },
  };
}
