import assert from "node:assert/strict";
import { test } from "node:test";
import { pino } from "pino";

import { KEYS, openTestHub } from "../test-hub.ts";

test("what fails is logged without keys, cookies, passwords or what customers wrote", async () => {
  const lines: string[] = [];
  const hub = await openTestHub({
    logger: pino({ level: "trace" }, { write: (line: string) => void lines.push(line) }),
  });
  const asked = (url: string, headers: Record<string, string>, payload: unknown) =>
    hub.app.inject({ method: "POST", url, headers, payload: JSON.stringify(payload) });
  const json = { "content-type": "application/json" };

  await hub.database.db.query("alter table staff rename to staff_away");
  await hub.database.db.query("alter table api_key rename to api_key_away");
  const password = "canary-password-5141";
  const answers = [
    await asked(
      "/api/session",
      { ...json, cookie: "rapport=canary-cookie-5141" },
      { email: "ann@x.example", password },
    ),
    await asked(
      "/api/keys",
      { ...json, authorization: `Bearer ${KEYS.admin}` },
      { name: "canary-name-5141", scope: "read" },
    ),
    await asked("/v1/track", { authorization: `Bearer ${KEYS.write}` }, { userId: "canary-user-5141", event: "E" }),
  ];
  await hub.database.db.query("alter table staff_away rename to staff");
  await hub.database.db.query("alter table api_key_away rename to api_key");
  await hub.end();

  assert.deepEqual(
    answers.map((answer) => answer.statusCode),
    [500, 500, 500],
  );
  assert.ok(lines.length >= 3);
  const told = lines.join("") + answers.map((answer) => answer.body).join("");
  for (const secret of ["5141", KEYS.admin, KEYS.write]) assert.ok(!told.includes(secret), `${secret} was told`);
  assert.ok(
    answers.every((answer) => !/staff|api_key|relation/.test(answer.body)),
    "an internal name was told",
  );
});
