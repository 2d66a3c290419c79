import { type Attack, peerOf, phoneOf, pick, type Target } from "./attack.ts";
import { httpStrike } from "./http-strike.ts";

const WILD = [
  "/api/customers/%00",
  "/api/customers/..%2f..%2fetc%2fpasswd",
  "/%2e%2e/%2e%2e/etc/passwd",
  "/assets/..%5c..%5cpackage.json",
  `/api/customers/${"a".repeat(5_000)}`,
  "/u/%E0%A4%A",
  "/api/messages/%27%3B%20drop%20table%20customer%3B--",
  "/.env",
];
const CURSORS = ["AAAA", "%00", "WzEsIidddIl0", Buffer.from('["x",1e400]').toString("base64url"), "a".repeat(4_001)];
const LISTS = ["/api/customers?cursor=", "/api/decisions?before=", "/api/dead-letters?before="];

/** What somebody can try who has no key: sign-ins, addresses, forged webhooks and links; and wild cursors with a reader's key. */
export function strangerAttacks({ httpPort, readKey, stopped, started }: Target): Attack[] {
  const ask = (number: number, strike: Omit<Parameters<typeof httpStrike>[1], "peer">) =>
    httpStrike(httpPort, { peer: peerOf(number), ...strike });
  const post = (path: string, body: unknown) => (number: number) => ask(number, { path, body: JSON.stringify(body) });

  return [
    {
      ...{ name: "guessed passwords", clients: 2, pauseMs: 100 },
      strike: (number) =>
        post("/api/session", { email: "admin@rapport.example", password: `password-${number}` })(number),
    },
    {
      ...{ name: "guessed links", clients: 1, pauseMs: 100 },
      strike: (number) => {
        const token = String(number).padStart(32, "a");
        return post("/api/session/claim", { token, password: "long enough indeed" })(number);
      },
    },
    {
      ...{ name: "guessed keys", clients: 1, pauseMs: 50 },
      strike: (number) =>
        ask(number, { path: "/v1/track", headers: { authorization: `Bearer rk_server_${number}` }, body: "{}" }),
    },
    {
      ...{ name: "wild addresses", clients: 2, pauseMs: 30 },
      strike: (number) => ask(number, { method: pick(["GET", "POST", "DELETE"], number), path: pick(WILD, number) }),
    },
    {
      ...{ name: "wild cursors", clients: 1, pauseMs: 30 },
      strike: (number) => {
        const path = pick(LISTS, number) + pick(CURSORS, Math.floor(number / LISTS.length));
        return ask(number, { method: "GET", path, headers: { authorization: `Bearer ${readKey}` } });
      },
    },
    {
      ...{ name: "forged webhooks", clients: 2, pauseMs: 30 },
      strike: (number) => {
        const text = number % 2 === 0 ? "STOP" : "START";
        const from = phoneOf(pick(text === "STOP" ? stopped : started, number));
        const form = new URLSearchParams({ From: from, To: "+13125550100", Body: text, MessageSid: `SM${number}` });
        return ask(number, {
          path: "/gateways/twilio/inbound",
          headers: {
            "content-type": "application/x-www-form-urlencoded",
            "x-twilio-signature": Buffer.alloc(20, number).toString("base64"),
          },
          body: form.toString(),
        });
      },
    },
    {
      ...{ name: "forged links", clients: 1, pauseMs: 50 },
      strike: (number) => {
        const key = Buffer.alloc(16, number).toString("base64url");
        const seal = Buffer.alloc(16, number + 1).toString("base64url");
        return ask(number, { path: `/u/${key}.${seal}`, body: "List-Unsubscribe=One-Click" });
      },
    },
  ];
}
