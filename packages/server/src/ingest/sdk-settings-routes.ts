import type { FastifyRequest } from "fastify";

import type { App } from "../platform/http/app.ts";
import { queryText } from "./query-calls.ts";
import { type Analytics, analyticsSettings, rudderstackConfig } from "./sdk-settings.ts";
import { unknownKey } from "./unknown-key.ts";
import type { WriteKeys } from "./write-keys.ts";

type Parts = {
  keys: WriteKeys;
  publicUrl: string;
  /** The source whose write key came with the request or stands in the body; refuses what has none. */
  sourceOf(request: FastifyRequest, body: unknown): Promise<string>;
};

/** What browser SDKs ask for before they send, by write key; 401 for a key that is not known. */
export function sdkSettingsRoutes(door: App, { keys, publicUrl, sourceOf }: Parts): void {
  const open = { config: { access: { kind: "public", why: "a browser SDK's settings, by write key" } } } as const;

  // The two ask at the same path of what they are told is their CDN: Customer.io's is told `…/customerio`.
  const settings: [prefix: string, whose: Analytics][] = [
    ["", "segment"],
    ["/customerio", "customerio"],
  ];
  for (const [prefix, whose] of settings)
    door.get(`${prefix}/v1/projects/:writeKey/settings`, open, async (request, reply) => {
      const { writeKey } = request.params as { writeKey: string };
      if (!(await keys.sourceOf(writeKey))) throw unknownKey();
      reply.header("cache-control", "public, max-age=60");
      return analyticsSettings(whose, writeKey, publicUrl);
    });
  // The SDKs add `sourceConfig/` to the address that they are given; other clients of the control plane do not.
  for (const path of ["/sourceConfig", "/sourceConfig/"])
    door.get(path, { config: { access: { kind: "write-key" } } }, async (request, reply) => {
      await sourceOf(request, { writeKey: queryText(request, "writeKey") });
      reply.header("cache-control", "private, max-age=60");
      return rudderstackConfig();
    });
}
