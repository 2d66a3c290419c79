import assert from "node:assert/strict";
import { after, test } from "node:test";

import { openBrowserHub } from "../browser-hub.ts";

const site = await openBrowserHub();
after(() => site.hub.end());
const { hub, call, customerOf, query } = site;

test("an address that is confirmed for several customers at once becomes one's own, and joins none of them", async () => {
  for (const round of [1, 2, 3]) {
    const address = `all${round}@claimed.example`;
    const names = ["one", "two", "three"].map((name) => `${name}-${round}`);
    for (const name of names) {
      await hub.send([call("identify", { userId: name, anonymousId: `v-${name}` })]);
      await hub.send([call("identify", { anonymousId: `v-${name}`, traits: { email: address } })], "browser");
    }
    const ids = await Promise.all(names.map((name) => customerOf("user_id", name)));
    const said = { trait: "email", value: address };
    const answers = await Promise.all(ids.map((id) => hub.call("POST", `/api/customers/${id}/claims/confirm`, said)));
    await hub.idle();

    assert.deepEqual(
      answers.map(({ status }) => status),
      [202, 202, 202],
    );
    assert.deepEqual(await Promise.all(names.map((name) => customerOf("user_id", name))), ids);
    assert.ok(ids.includes(await customerOf("email", address)), "it is somebody's");
  }
  assert.deepEqual(await query("select 1 from customer where merged_into is not null"), []);
});

test("an address that the server gave to another a moment ago, before it was linked, joins nobody by a colleague's word", async () => {
  for (let round = 0; round < 6; round++) {
    const email = `given${round}@claimed.example`;
    await hub.send([call("identify", { userId: `late-${round}`, anonymousId: `v-late-${round}` })]);
    await hub.send([call("identify", { anonymousId: `v-late-${round}`, traits: { email } })], "browser");
    const late = await customerOf("user_id", `late-${round}`);
    const given = { batch: [call("identify", { userId: `given-${round}`, traits: { email } })] };
    const headers = { authorization: `Bearer ${hub.writeKey}`, "content-type": "application/json" };
    await hub.app.inject({ method: "POST", url: "/v1/batch", headers, payload: JSON.stringify(given) });
    await hub.call("POST", `/api/customers/${late}/claims/confirm`, { trait: "email", value: email });
    await hub.idle();
    assert.equal(await customerOf("user_id", `late-${round}`), late);
    const holder = await customerOf("user_id", `given-${round}`);
    assert.notEqual(holder, late);
    assert.equal(await customerOf("email", email), holder);
  }
});
