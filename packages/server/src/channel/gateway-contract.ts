import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import type { Content, Gateway, Handoff } from "./gateway.ts";

/** A gateway with its peer, and addresses at which that peer shows each behaviour. */
export type Subject = {
  gateway: Gateway;
  addresses: { good: string; unknown: string; busy: string; vanishing: string };
  /** What reached the peer, in order. */
  delivered: () => { to: string; text: string }[];
  close: () => Promise<void>;
};

/** What every gateway promises. The fake and the real ones are held to the same words. */
export function gatewayContract(name: string, open: () => Promise<Subject>): void {
  let subject: Subject;
  before(async () => {
    subject = await open();
  });
  after(() => subject.close());

  const aHandoff = (over: Partial<Handoff> = {}): Handoff => ({
    key: `contract/${Math.random()}`,
    lane: "transactional",
    to: subject.addresses.good,
    content: text("Hello"),
    unsubscribe: null,
    ...over,
  });
  const text = (words: string): Content =>
    subject.gateway.channel === "sms"
      ? { kind: "sms", text: words }
      : { kind: "email", subject: "Your data", text: words, html: null };
  const arrived = (words: string) => subject.delivered().filter((message) => message.text.trim() === words);

  test(`${name} hands a message over once, word for word, and answers with the provider's id`, async () => {
    const words = "Осталось 2 ГБ. 剩余流量 {2 GB} — reply 1 €";
    const result = await subject.gateway.send(aHandoff({ content: text(words) }));

    assert.equal(result.kind, "accepted");
    assert.ok(result.kind === "accepted" && result.providerId !== "");
    assert.deepEqual(arrived(words), [{ to: subject.addresses.good, text: arrived(words)[0]?.text }]);
  });

  test(`${name} refuses an address that the provider does not know, for good`, async () => {
    const result = await subject.gateway.send(aHandoff({ to: subject.addresses.unknown }));
    assert.deepEqual([result.kind, result.kind === "refused" && result.reason], ["refused", "bad-address"]);
  });

  test(`${name} refuses what is no address without troubling the provider`, async () => {
    for (const to of ["", "nobody", "a@b.example\r\nBcc: c@d.example", "+1 312\n555", '"a@x.example>,<b@y.example"']) {
      const before = subject.delivered().length;
      const result = await subject.gateway.send(aHandoff({ to }));
      assert.deepEqual([result.kind, result.kind === "refused" && result.reason], ["refused", "bad-address"]);
      assert.equal(subject.delivered().length, before);
    }
  });

  test(`${name} says later when the provider is busy`, async () => {
    assert.equal((await subject.gateway.send(aHandoff({ to: subject.addresses.busy }))).kind, "later");
  });

  test(`${name} throws when the provider took the message and vanished before answering`, async () => {
    await assert.rejects(subject.gateway.send(aHandoff({ to: subject.addresses.vanishing })));
  });

  test(`${name} works again after such a fault`, async () => {
    assert.equal((await untilNotLater(() => subject.gateway.send(aHandoff()))).kind, "accepted");
  });

  test(`${name} refuses content of another channel`, async () => {
    const foreign: Content =
      subject.gateway.channel === "email"
        ? { kind: "sms", text: "Hello" }
        : { kind: "email", subject: "Hello", text: "Hello", html: null };
    const result = await subject.gateway.send(aHandoff({ content: foreign }));
    assert.deepEqual([result.kind, result.kind === "refused" && result.reason], ["refused", "content"]);
  });

  test(`${name} carries many messages at once, each exactly once`, async () => {
    const all = Array.from({ length: 60 }, (_, index) => `many ${index}`);
    const results = await Promise.all(all.map((words) => subject.gateway.send(aHandoff({ content: text(words) }))));

    assert.deepEqual(new Set(results.map((result) => result.kind)), new Set(["accepted"]));
    assert.equal(new Set(results.map((result) => result.kind === "accepted" && result.providerId)).size, all.length);
    for (const words of all) assert.equal(arrived(words).length, 1, words);
  });

  test(`${name} hands a repeated key over once more only if its provider takes no keys`, async () => {
    const again = aHandoff({ content: text("the same") });
    const results = [await subject.gateway.send(again), await subject.gateway.send(again)];
    assert.deepEqual(
      results.map((result) => result.kind),
      ["accepted", "accepted"],
    );
    assert.equal(arrived("the same").length, subject.gateway.takesKey ? 1 : 2);
  });
}

/** A gateway that has lost its connection may say later for a moment. */
async function untilNotLater<T extends { kind: string }>(attempt: () => Promise<T>): Promise<T> {
  for (let left = 50; left > 0; left--) {
    const result = await attempt();
    if (result.kind !== "later") return result;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return attempt();
}
