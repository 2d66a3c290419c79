import assert from "node:assert/strict";
import { after, test } from "node:test";

import { openSignIn } from "./access/index.ts";
import { firstSignIn, ownWriteKey } from "./first-run.ts";
import { realClock } from "./platform/clock.ts";
import { openTestDatabase } from "./platform/test-database.ts";

const { db, drop } = await openTestDatabase(12);
after(drop);

test("hubs that start at once on a new database agree on one administrator and one write key", async () => {
  const signIns = openSignIn({ db, clock: realClock, secret: "secret", publicUrl: "https://hub.example" });
  const hubs = Array.from({ length: 6 });
  const [tokens, keys] = await Promise.all([
    Promise.all(hubs.map(() => firstSignIn(db, realClock, signIns))),
    Promise.all(hubs.map(() => ownWriteKey(db, realClock, "server"))),
  ]);
  const { rows: staff } = await db.query("select 1 from staff");
  const { rows: written } = await db.query("select 1 from api_key");
  assert.equal(staff.length, 1);
  assert.equal(written.length, 1);
  assert.equal(new Set(keys).size, 1);

  const last = tokens.at(-1) as string;
  const signed = await signIns.byToken(last, "correct horse battery", { address: "198.51.100.7", browser: null });
  assert.equal(signed.kind === "in" && signed.staff.role, "admin");
});
