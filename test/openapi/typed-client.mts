// Compiled against types generated from the hub's own description, and then run against the hub (openapi.test.ts).
import createClient from "openapi-fetch";

import type { paths } from "./hub.d.ts";

const { HUB_URL: baseUrl = "", WRITE_KEY: writeKey = "", ADMIN_KEY: adminKey = "" } = process.env;
const door = createClient<paths>({ baseUrl, headers: { authorization: `Bearer ${writeKey}` } });
const api = createClient<paths>({ baseUrl, headers: { authorization: `Bearer ${adminKey}` } });

const tracked = await door.POST("/v1/track", { body: { userId: "typed", event: "Seen", properties: { total: 12 } } });
const batched = await door.POST("/v1/batch", {
  body: {
    batch: [
      { type: "identify", userId: "typed", traits: { email: "typed@client.example" } },
      { type: "track", userId: "typed", event: "Seen again" },
    ],
  },
});
const clouded = await door.POST("/cloudevents", {
  headers: { "content-type": "application/cloudevents+json" },
  body: { specversion: "1.0", id: "1", source: "/client", type: "paid", subject: "typed" },
});
const made = await api.POST("/api/keys", { body: { name: "typed", scope: "read" } });
const listed = await api.GET("/api/customers", { params: { query: { q: "typed" } } });

// @ts-expect-error a track needs the event's name
await door.POST("/v1/track", { body: { userId: "typed" } });
// @ts-expect-error there is no such scope
await api.POST("/api/keys", { body: { name: "typed", scope: "everything" } });
// @ts-expect-error there is no such address
await door.POST("/v1/nothing", { body: {} });

const refused = await api.POST("/api/customers/{customerId}/consent", {
  params: { path: { customerId: "00000000-0000-4000-8000-00000000abcd" } },
  body: { purpose: "marketing", channel: "sms", status: "granted", source: "a call" },
});
const code: "customer/not-found" | string | undefined = refused.error?.type;

console.log(
  JSON.stringify({
    success: [tracked.data?.success, batched.data?.success],
    clouded: clouded.response.status,
    secret: typeof made.data?.secret,
    name: made.data?.key.name,
    listed: Array.isArray(listed.data?.customers),
    refused: code,
  }),
);
