import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { after, test } from "node:test";

import { hashOf, openBrowserHub, tokenOf } from "../browser-hub.ts";
import { tokenSecretOf } from "./user-proof.ts";
/** By what a visitor proves to be a customer, and what proves nothing (S15, S21 of the list of attacks). */
const site = await openBrowserHub();
after(() => site.hub.end());
const { hub, query, wait, call, customerOf, profileOf, deadLetters, aCustomer, secret } = site;

test("a visit that the company's secret proves is the customer's own, and forgets the proof", async () => {
  await aCustomer("proven");
  const userHash = hashOf("proven", await secret());
  await hub.send(
    [call("identify", { userId: "proven", anonymousId: "own", context: { userHash }, traits: { plan: "gold" } })],
    "browser",
  );
  await hub.send([call("page", { userId: "proven", anonymousId: "own", name: "Plans" })], "browser");
  const profile = await profileOf("user_id", "proven");
  assert.equal(await customerOf("anonymous_id", "own"), await customerOf("user_id", "proven"));
  assert.deepEqual([profile.events, profile.traits.plan?.value, profile.claimed.plan?.value], [3, "surf", "gold"]);
  const rows = await query("select body from event where body like '%' || $1 || '%'", [userHash]);
  assert.equal(rows.length, 0, "what proves again is not kept");
});

test("a proof that stands among the traits of the context, as RudderStack sends them, is forgotten, too", async () => {
  await aCustomer("rudder");
  const userHash = hashOf("rudder", await secret());
  const context = { traits: { userHash, plan: "gold" } };
  await hub.send([call("identify", { userId: "rudder", anonymousId: "rudders", context })], "browser");
  assert.equal(await customerOf("anonymous_id", "rudders"), await customerOf("user_id", "rudder"));
  const rows = await query("select body from event where body like '%' || $1 || '%'", [userHash]);
  assert.equal(rows.length, 0);
});

test("a token states traits as the company's server would; a hash or a token that is wrong is refused by name", async () => {
  await aCustomer("tokened");
  const key = await secret();
  const now = Math.floor(hub.clock.now() / 1_000);
  const sign = (claims: Record<string, unknown>, by = key) => tokenOf(claims, by);
  wait(1_000);
  const said = (userToken: string) =>
    call("identify", { userId: "tokened", anonymousId: "tokens-browser", context: { userToken } });
  await hub.send(
    [said(sign({ sub: "tokened", iat: now + 1, exp: now + 600, traits: { plan: "gold" }, email: "new@town.example" }))],
    "browser",
  );
  const profile = await profileOf("user_id", "tokened");
  assert.deepEqual([profile.traits.plan?.value, profile.traits.email?.value], ["gold", "new@town.example"]);
  assert.equal(await customerOf("email", "new@town.example"), await customerOf("user_id", "tokened"));

  const wrong: [what: string, token: string][] = [
    ["another's", sign({ sub: "somebody", exp: now + 600 })],
    ["expired", sign({ sub: "tokened", exp: now - 3_600 })],
    ["without end", sign({ sub: "tokened" })],
    ["good for a year", sign({ sub: "tokened", exp: now + 31_536_000 })],
    ["signed by another", sign({ sub: "tokened", exp: now + 600 }, "another secret of many letters")],
    [
      "unsigned",
      `${Buffer.from('{"alg":"none"}').toString("base64url")}.${Buffer.from(`{"sub":"tokened","exp":${now + 600}}`).toString("base64url")}.`,
    ],
    ["no token", "x"],
  ];
  for (const [what, token] of wrong) {
    const before = (await deadLetters()).length;
    await hub.send([said(token)], "browser");
    assert.match((await deadLetters())[before]?.reason ?? "", /^userId: /, what);
  }
  await hub.send(
    [call("identify", { userId: "tokened", anonymousId: "x", context: { userHash: "00".repeat(32) } })],
    "browser",
  );
  assert.notEqual(await customerOf("anonymous_id", "x"), await customerOf("user_id", "tokened"));
});

test("where proof is required, an identify without it is refused, and other claims are not even kept beside", async () => {
  await aCustomer("required");
  await hub.call("PATCH", "/api/visitor-proof", { required: true });
  try {
    const before = (await deadLetters()).length;
    await hub.send([call("identify", { userId: "required", anonymousId: "unproven" })], "browser");
    assert.match((await deadLetters())[before]?.reason ?? "", /must be proven/);
    await hub.send([call("track", { userId: "required", anonymousId: "unproven", event: "Seen" })], "browser");
    assert.deepEqual((await profileOf("anonymous_id", "unproven")).claimedToBe, {});
    const userHash = hashOf("required", await secret());
    await hub.send(
      [call("identify", { userId: "required", anonymousId: "proving", context: { userHash } })],
      "browser",
    );
    assert.equal(await customerOf("anonymous_id", "proving"), await customerOf("user_id", "required"));
  } finally {
    await hub.call("PATCH", "/api/visitor-proof", { required: false });
  }
});

test("after a new secret the one before is good until the next", async () => {
  await aCustomer("rotated");
  const old = await secret();
  await hub.call("POST", "/api/visitor-proof/renew");
  const userHash = hashOf("rotated", old);
  await hub.send([call("identify", { userId: "rotated", anonymousId: "r1", context: { userHash } })], "browser");
  assert.equal(await customerOf("anonymous_id", "r1"), await customerOf("user_id", "rotated"));
  await hub.call("POST", "/api/visitor-proof/renew");
  await hub.send([call("identify", { userId: "rotated", anonymousId: "r2", context: { userHash } })], "browser");
  assert.notEqual(await customerOf("anonymous_id", "r2"), await customerOf("user_id", "rotated"));
});

test("the proof of an id that differs by spaces proves no other id", async () => {
  await aCustomer("spaced");
  const key = await secret();
  const before = (await profileOf("user_id", "spaced")).events;
  for (const twin of ["spaced ", " spaced", "spaced\u00a0", "\ufeffspaced", "spaced\n"])
    await hub.send(
      [call("identify", { userId: twin, anonymousId: "spacer", context: { userHash: hashOf(twin, key) } })],
      "browser",
    );
  assert.equal((await profileOf("user_id", "spaced")).events, before);
  assert.notEqual(await customerOf("anonymous_id", "spacer"), await customerOf("user_id", "spaced"));
});

test("full-width, composed and look-alike ids are nobody else's", async () => {
  await aCustomer("1001");
  await aCustomer("jose\u0301");
  const one = await customerOf("user_id", "1001");
  const two = await customerOf("user_id", "jose\u0301");
  const key = await secret();
  for (const twin of ["１００１", "1001.0", "01001", "jos\u00e9", "1001\u200b", "1001\u0000"])
    await hub.send(
      [call("identify", { userId: twin, anonymousId: "wide", context: { userHash: hashOf(twin, key) } })],
      "browser",
    );
  const wide = await customerOf("anonymous_id", "wide");
  assert.ok(wide !== one && wide !== two);
});

test("odd proofs prove nothing: arrays, both names, other secrets, hash of another, empty", async () => {
  await aCustomer("odd");
  const key = await secret();
  const exp = Math.floor(hub.clock.now() / 1_000) + 600;
  const b64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const wrong: Record<string, unknown>[] = [
    { userToken: tokenOf({ sub: "odd", user_id: "other", exp }, key) },
    { userToken: tokenOf({ user_id: null, sub: "odd", exp }, key) },
    { userToken: tokenOf({ sub: { toString: "odd" }, exp }, key) },
    { userToken: `${b64({ alg: "none" })}.${b64({ sub: "odd", exp })}.` },
    { userToken: `${b64({ alg: "NONE", typ: "JWT" })}.${b64({ sub: "odd", exp })}.AA` },
    {
      userToken: `${b64({ alg: "HS256" })}.${b64({ sub: "odd", exp })}.${createHmac("sha256", "")
        .update(`${b64({ alg: "HS256" })}.${b64({ sub: "odd", exp })}`)
        .digest("base64url")}`,
    },
    { userHash: hashOf("other", key) },
    { userHash: hashOf("odd", "") },
    { userHash: hashOf("odd", key).slice(0, 62) },
    { userHash: [hashOf("odd", "x")] },
    { userToken: "x".repeat(20_000) },
    { userHash: "" },
  ];
  const before = (await profileOf("user_id", "odd")).events;
  for (const context of wrong)
    await hub.send([call("identify", { userId: "odd", anonymousId: "oddball", context })], "browser");
  assert.equal((await profileOf("user_id", "odd")).events, before);
});

test("what proves again is kept nowhere: not beside traits of a context, and not in a dead letter", async () => {
  await aCustomer("kept");
  const userHash = hashOf("kept", await secret());
  await hub.send(
    [
      call("identify", {
        userId: "kept",
        anonymousId: "k1",
        context: { userHash },
        traits: { bio: "x".repeat(3_000) },
      }),
    ],
    "browser",
  );
  await hub.send(
    [call("page", { userId: "kept", anonymousId: "k2", context: { userHash, traits: { userHash } }, name: "x" })],
    "browser",
  );
  const events = await query("select 1 from event where body like '%' || $1 || '%'", [userHash]);
  const letters = await query("select 1 from dead_letter where position($1::bytea in body) > 0", [
    Buffer.from(userHash),
  ]);
  assert.deepEqual([events.length, letters.length], [0, 0]);
});

for (const iat of ["with", "without"])
  test(`a token ${iat} the time of its issue that is said again does not undo the server's newer word`, async () => {
    const userId = `replayed-${iat}`;
    await aCustomer(userId);
    const now = Math.floor(hub.clock.now() / 1_000);
    const told = { sub: userId, exp: now + 6 * 86_400, traits: { plan: "gold" }, email: `old-${iat}@town.example` };
    const userToken = tokenOf(iat === "with" ? { ...told, iat: now } : told, await secret());
    const context = { userToken };
    await hub.send([call("identify", { userId, anonymousId: `rb-${iat}`, context })], "browser");
    wait(60_000);
    await hub.send([call("identify", { userId, traits: { plan: "blocked", email: `new-${iat}@town.example` } })]);
    wait(60_000);
    await hub.send([call("page", { userId, anonymousId: `rb-${iat}`, name: "x", context })], "browser");
    const { traits } = await profileOf("user_id", userId);
    assert.deepEqual([traits.plan?.value, traits.email?.value], ["blocked", `new-${iat}@town.example`]);
  });

test("a token with a list for its subject proves no id", async () => {
  await aCustomer("arrayed");
  const exp = Math.floor(hub.clock.now() / 1_000) + 600;
  const before = (await profileOf("user_id", "arrayed")).events;
  const userToken = tokenOf({ sub: ["arrayed"], exp }, await secret());
  await hub.send([call("identify", { userId: "arrayed", anonymousId: "ar", context: { userToken } })], "browser");
  assert.equal((await profileOf("user_id", "arrayed")).events, before);
});

test("a token whose sub and user_id differ proves neither", async () => {
  await aCustomer("two-names");
  const exp = Math.floor(hub.clock.now() / 1_000) + 600;
  const before = (await profileOf("user_id", "two-names")).events;
  const userToken = tokenOf({ sub: "mallory", user_id: "two-names", exp }, await secret());
  await hub.send([call("identify", { userId: "two-names", anonymousId: "tn", context: { userToken } })], "browser");
  assert.equal((await profileOf("user_id", "two-names")).events, before);
});

test("a dead letter of a request with something too deep in it keeps no proof of the calls beside", async () => {
  const userHash = hashOf("deep", "whatever it is");
  let deep: unknown = 1;
  for (let depth = 0; depth < 300; depth++) deep = [deep];
  await hub.send(
    [
      call("page", { userId: "deep", anonymousId: "deep-b", name: "x", context: { userHash } }),
      { ...call("page", { anonymousId: "deep-b", name: "x" }), integrations: deep },
      { ...call("wrong", { anonymousId: "deep-b" }), other: deep },
    ],
    "browser",
  );
  const rows = await query("select 1 from dead_letter where position($1::bytea in body) > 0", [Buffer.from(userHash)]);
  assert.equal(rows.length, 0);
});

test("a hash proves an id and nothing else: of a user id that is written like a token, no token can be made", async () => {
  await aCustomer("hashed-victim");
  const key = await secret();
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const exp = Math.floor(hub.clock.now() / 1_000) + 3_600;
  const name = `${part({ alg: "HS256" })}.${part({ sub: "hashed-victim", exp, iat: exp - 3_600, email: "a@evil.example" })}`;
  const userToken = `${name}.${Buffer.from(hashOf(name, key), "hex").toString("base64url")}`;
  wait(1_000);
  const said = call("identify", { userId: "hashed-victim", anonymousId: "hashed-thief", context: { userToken } });
  await hub.send([said], "browser");
  assert.equal((await profileOf("user_id", "hashed-victim")).traits.email?.value, "hashed-victim@town.example");
  assert.equal(await customerOf("anonymous_id", "hashed-thief"), undefined);
  assert.match((await deadLetters()).at(-1)?.reason ?? "", /not signed with the secret of tokens/);
});

test("traits that a token states are bounded as the company's are", async () => {
  const exp = Math.floor(hub.clock.now() / 1_000) + 3_600;
  const wide = { "one long trait": { bio: "x".repeat(5_000) }, "many traits": numbered(300) };
  for (const traits of Object.values(wide)) {
    const userToken = tokenOf({ sub: "bounded", exp, iat: exp - 3_600, traits }, await secret());
    await hub.send([call("identify", { userId: "bounded", anonymousId: "bounds", context: { userToken } })], "browser");
    assert.match((await deadLetters()).at(-1)?.reason ?? "", /beyond the bounds/);
  }
  assert.equal(await customerOf("user_id", "bounded"), undefined);
});
const numbered = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`t${n}`, n]));

test("a proof that the company's server passes on is kept nowhere, nor in what is refused of the server", async () => {
  const userHash = hashOf("relayed", await secret());
  await hub.send([call("identify", { userId: "relayed", traits: { plan: "x", userHash }, context: { userHash } })]);
  await hub.send([call("track", { userId: "relayed", event: "reply", context: { userHash } })]);
  const kept = await query(
    `select 1 from event where position($1 in body) > 0
      union all select 1 from dead_letter where position($1::text::bytea in body) > 0`,
    [userHash],
  );
  assert.equal(kept.length, 0);
  assert.equal((await profileOf("user_id", "relayed")).traits.userHash, undefined);
});

test("where proof is required, an address of a visitor without one is not even kept beside", async () => {
  await hub.call("PATCH", "/api/visitor-proof", { required: true });
  const traits = { email: "victim@town.example", phone: "+13125550000", color: "blue" };
  await hub.send([call("identify", { anonymousId: "addressed", traits })], "browser");
  await hub.call("PATCH", "/api/visitor-proof", { required: false });
  assert.deepEqual(Object.keys((await profileOf("anonymous_id", "addressed")).claimed), ["color"]);
});

test("a token whose number is beyond 2^53 proves that id and not its neighbour", async () => {
  const [own, neighbour] = ["9007199254740993", "9007199254740992"];
  const exp = Math.floor(hub.clock.now() / 1_000) + 600;
  const key = await secret();
  const signer = (payload: string) => {
    const head = Buffer.from('{"alg":"HS256","typ":"JWT"}').toString("base64url");
    const said = `${head}.${Buffer.from(payload).toString("base64url")}`;
    return `${said}.${createHmac("sha256", tokenSecretOf(key)).update(said).digest("base64url")}`;
  };
  const context = { userToken: signer(`{"sub":${own},"exp":${exp}}`) };
  await hub.send([call("identify", { userId: neighbour, anonymousId: "liar-of-numbers", context })], "browser");
  await hub.send([call("identify", { userId: own, anonymousId: "owner-of-numbers", context })], "browser");
  assert.equal(await customerOf("user_id", neighbour), undefined);
  assert.equal(await customerOf("anonymous_id", "owner-of-numbers"), await customerOf("user_id", own));
});
