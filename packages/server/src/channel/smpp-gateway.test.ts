import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import type { Gateway, Handoff, InboundTouch } from "./gateway.ts";
import { gatewayContract } from "./gateway-contract.ts";
import { makeCertificates } from "./peers/make-certificates.ts";
import { noSmsc, openSmsc, type Smsc } from "./peers/open-smsc.ts";
import { openTlsFront } from "./peers/tls-front.ts";
import { openSmppGateway, type SmppGatewayOptions } from "./smpp-gateway.ts";

const anSmppGateway = (over: Partial<SmppGatewayOptions>) =>
  openSmppGateway({
    name: "carrier",
    host: "127.0.0.1",
    port: 2775,
    tls: false,
    ownRoots: null,
    systemId: "hub",
    password: "pw",
    systemType: "",
    source: "+13125550100",
    alphabet: "gsm7",
    window: 10,
    timeoutMs: 2_000,
    enquireEveryMs: 10_000,
    firstRetryMs: 20,
    random: () => 0.5,
    ratePerSecond: 100,
    now: () => 1_000,
    hear: async () => {},
    onFault: () => {},
    ...over,
  });

/** The centre's answer and its ledger come by two ways: this waits for both. */
function inStep(gateway: Gateway, smsc: Smsc): Gateway {
  return {
    ...gateway,
    async send(handoff) {
      const result = await gateway.send(handoff);
      if (result.kind === "accepted") await smsc.heard(({ id }) => id === result.providerId);
      return result;
    },
  };
}

const anSms = (text: string, over: Partial<Handoff> = {}): Handoff => ({
  key: "run/7/2/sms",
  lane: "journey",
  to: "+13125550101",
  content: { kind: "sms", text },
  unsubscribe: null,
  ...over,
});

describe("against a message centre on another codec", { skip: noSmsc }, () => {
  gatewayContract("the SMPP gateway", async () => {
    const smsc = await openSmsc();
    const gateway = anSmppGateway({ port: smsc.port });
    return {
      gateway: inStep(gateway, smsc),
      addresses: { good: "+13125550101", unknown: "+13125550177", busy: "+13125550188", vanishing: "+13125550166" },
      delivered: () =>
        smsc.lines.flatMap(({ to, text }) => (to !== undefined && text !== undefined ? [{ to, text }] : [])),
      close: async () => {
        await gateway.close();
        await smsc.close();
      },
    };
  });

  let smsc: Smsc;
  let gateway: Gateway;
  const touches: InboundTouch[] = [];
  let look = () => {};
  let hold: Promise<void> = Promise.resolve();
  const touched = (test: (touch: InboundTouch) => boolean) =>
    new Promise<InboundTouch>((resolve) => {
      look = () => {
        const touch = touches.find(test);
        if (touch !== undefined) resolve(touch);
      };
      look();
    });
  before(async () => {
    smsc = await openSmsc();
    const hear = async (heard: InboundTouch[]) => {
      await hold;
      touches.push(...heard);
      look();
    };
    gateway = inStep(anSmppGateway({ port: smsc.port, hear }), smsc);
  });
  after(async () => {
    await gateway.close();
    await smsc.close();
  });

  test("a Latin text goes as GSM-7 with coding 0, extension characters included", async () => {
    await gateway.send(anSms("Pay {5} € [now]"));
    assert.equal((await smsc.heard(({ text }) => text === "Pay {5} € [now]")).coding, 0);
  });

  test("a long Cyrillic text goes in numbered parts that join to the text", async () => {
    const text = "Уважаемый клиент! ".repeat(10).trim();
    const result = await gateway.send(anSms(text, { to: "+13125550102" }));
    const parts = smsc.lines.filter(({ to }) => to === "+13125550102");

    assert.equal(parts.map((part) => part.text).join(""), text);
    assert.deepEqual(
      parts.map(({ coding, header }) => [coding, header?.slice(0, 6), header?.slice(8)]),
      [1, 2, 3].map((index) => [8, "050003", `030${index}`]),
    );
    const partIds = parts.map(({ id }) => id);
    assert.deepEqual(result, { kind: "accepted", providerId: partIds.at(-1), partIds });
  });

  test("receipts come back by parameters and by text, delivered and not", async () => {
    const cases: [string, "delivered" | "failed", string | null][] = [
      ["+13125550101", "delivered", null],
      ["+13125550198", "delivered", null],
      ["+13125550199", "failed", "UNDELIV 005"],
    ];
    for (const [to, status, reason] of cases) {
      const result = await gateway.send(anSms("receipt?", { to }));
      const touch = await touched(
        (one) => one.kind === "receipt" && result.kind === "accepted" && one.providerId === result.providerId,
      );
      assert.deepEqual(touch.kind === "receipt" && [touch.status, touch.reason], [status, reason]);
    }
  });

  test("an answer from a phone is a reply, acknowledged only when it is kept", async () => {
    const kept = Promise.withResolvers<void>();
    hold = kept.promise;
    await gateway.send(anSms("MO:Да", { to: "+13125550103" }));
    const { answered } = await smsc.heard((line) => line.answered !== undefined);
    await gateway.send(anSms("meanwhile", { to: "+13125550104" }));
    const isAcknowledged = () => smsc.lines.some(({ acknowledged }) => acknowledged === answered);
    assert.equal(isAcknowledged(), false);

    kept.resolve();
    const touch = await touched((one) => one.kind === "reply" && one.text === "Да");
    assert.deepEqual(touch.kind === "reply" && [touch.from, touch.to, touch.channel], [
      "+13125550103",
      "+13125550100",
      "sms",
    ]);
    await smsc.heard(isAcknowledged);
  });

  test("an answer in parts, the last part first, is one reply", async () => {
    const words = "Я хочу получить новый пакет трафика, пожалуйста";
    await gateway.send(anSms(`MO:${words}`, { to: "+13125550105" }));
    const touch = await touched((one) => one.kind === "reply" && one.from === "+13125550105");
    assert.equal(touch.kind === "reply" && touch.text, words);
  });

  const repliesFrom = (number: string) =>
    touches.flatMap((touch) => (touch.kind === "reply" && touch.from === number ? [touch] : []));
  const isAnswered = (count: number) => {
    const sequences = smsc.lines.flatMap(({ answered }) => answered ?? []).slice(-count);
    return () =>
      sequences.every((sequence) => smsc.lines.some(({ acknowledged }) => acknowledged === sequence)) &&
      sequences.length === count;
  };
  const deliveries = () => smsc.lines.filter(({ answered }) => answered !== undefined).length;

  test("what is delivered again because our answer was lost with the link is the same reply", async () => {
    const before = deliveries();
    await gateway.send(anSms("LOST:1", { to: "+13125550110" }));
    await smsc.heard(() => deliveries() === before + 2);
    await smsc.heard(isAnswered(1));
    assert.equal(new Set(repliesFrom("+13125550110").map(({ id }) => id)).size, 1);
  });

  test("a message in parts that is delivered again because our answers were lost is heard once", async () => {
    const words = "Пожалуйста, подключите мне пакет трафика";
    const before = deliveries();
    await gateway.send(anSms(`LOST:${words}`, { to: "+13125550111" }));
    await smsc.heard(() => deliveries() === before + 4);
    await smsc.heard(isAnswered(2));
    assert.deepEqual(
      repliesFrom("+13125550111").map(({ text }) => text),
      [words],
    );
  });

  test("the same word said twice over a sound link is two replies", async () => {
    for (const turn of [1, 2]) {
      const before = deliveries();
      await untilAccepted(anSms("MO:1", { to: "+13125550112" }));
      await smsc.heard(() => deliveries() === before + 1);
      await smsc.heard(isAnswered(1));
      assert.equal(new Set(repliesFrom("+13125550112").map(({ id }) => id)).size, turn);
    }
  });

  test("a gateway that has begun anew names the same words in a way by which they are known", async () => {
    const before = deliveries();
    await untilAccepted(anSms("MO:2", { to: "+13125550113" }));
    await smsc.heard(() => deliveries() === before + 1);
    await smsc.heard(isAnswered(1));
    const [first] = repliesFrom("+13125550113");
    const heard = Promise.withResolvers<InboundTouch>();
    const anew = anSmppGateway({
      port: smsc.port,
      now: () => 1_000 + 300_000,
      hear: async ([touch]) => {
        if (touch?.kind === "reply") heard.resolve(touch);
      },
    });
    await anew.send(anSms("MO:2", { to: "+13125550113" }));
    const again = await heard.promise;
    assert.ok(again.kind === "reply" && first && again.earlierIds?.includes(first.id));
    await anew.close();
  });

  async function untilAccepted(sms: Handoff): Promise<void> {
    for (let left = 100; left > 0 && (await gateway.send(sms)).kind !== "accepted"; left--)
      await new Promise((resolve) => setTimeout(resolve, 20));
  }

  test("over TLS it binds to a centre that shows its own certificate, and tells no other its password", async () => {
    const certificates = makeCertificates();
    const { good, selfSigned, otherName, roots: ownRoots } = certificates;
    try {
      for (const [shown, trusted, why] of [
        [good, ownRoots, null],
        [good, null, /unable to verify/],
        [selfSigned, ownRoots, /self-signed/],
        [otherName, ownRoots, /does not match certificate's altnames/],
      ] as const) {
        const front = await openTlsFront(smsc.port, shown);
        const secured = anSmppGateway({ port: front.port, tls: true, ownRoots: trusted });
        const result = await secured.send(anSms("in private", { to: "+13125550106" }));
        assert.equal(result.kind, why === null ? "accepted" : "later");
        if (why !== null) assert.match(result.kind === "later" ? result.detail : "", why);
        await secured.close();
        await front.close();
      }
      const secured = anSmppGateway({ port: smsc.port, tls: true, timeoutMs: 300 });
      assert.equal((await secured.send(anSms("in private", { to: "+13125550106" }))).kind, "later");
      await secured.close();
      assert.equal(smsc.lines.filter(({ text }) => text === "in private").length, 1);
    } finally {
      certificates.close();
    }
  });

  test("an empty text is refused", async () => {
    assert.equal((await gateway.send(anSms(""))).kind, "refused");
  });

  test("a wrong password means later, and the fault is told", async () => {
    const faults: unknown[] = [];
    const stranger = anSmppGateway({ port: smsc.port, password: "no", onFault: (problem) => faults.push(problem) });
    assert.equal((await stranger.send(anSms("Hello"))).kind, "later");
    assert.match(String(faults[0]), /refused to bind: status 14/);
    await stranger.close();
  });
});

test("a message centre that is not there means later", async () => {
  const nowhere = anSmppGateway({ port: 1 });
  assert.equal((await nowhere.send(anSms("Hello"))).kind, "later");
  await nowhere.close();
});
