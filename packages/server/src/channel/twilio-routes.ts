import type { FastifyRequest } from "fastify";

import type { Clock } from "../platform/clock.ts";
import type { App } from "../platform/http/app.ts";
import { Refused } from "../platform/http/problem.ts";
import type { Hear, InboundTouch } from "./gateway.ts";
import { isSignedByTwilio, readTwilioMessage, readTwilioStatus, type TwilioWebhook } from "./twilio-webhooks.ts";

type Parts = {
  /** Null: nobody can have signed, so every call is refused. */
  authToken: string | null;
  /** As the provider knows us: its signature covers the address it called. */
  publicUrl: string;
  hear: Hear;
  clock: Clock;
};

const GATEWAY = "twilio";
const MOST_BYTES = 65_536;
const access = { kind: "signed", why: "X-Twilio-Signature over the address and the form" } as const;

/**
 * The webhooks of a Twilio-compatible provider: what became of a message, and what people write. Answered when it has
 * been committed; a wrong signature is 401. The same call again changes nothing: what is told has the same id.
 */
export async function twilioRoutes(app: App, { authToken, publicUrl, hear, clock }: Parts): Promise<void> {
  await app.register((door, _options, done) => {
    door.removeAllContentTypeParsers();
    const type = "application/x-www-form-urlencoded";
    door.addContentTypeParser(type, { parseAs: "string", bodyLimit: MOST_BYTES }, (_request, body, parsed) =>
      parsed(null, Object.fromEntries(new URLSearchParams(String(body)))),
    );

    door.post("/gateways/twilio/status", { config: { access } }, async (request, reply) => {
      await hearOne(readTwilioStatus(GATEWAY, signed(request), clock.now()));
      return reply.status(204).send();
    });
    door.post("/gateways/twilio/inbound", { config: { access } }, async (request, reply) => {
      await hearOne(readTwilioMessage(GATEWAY, signed(request), clock.now()));
      return reply.type("text/xml; charset=utf-8").send("<Response/>");
    });
    done();
  });

  function signed(request: FastifyRequest): TwilioWebhook {
    const signature = request.headers["x-twilio-signature"];
    const webhook: TwilioWebhook = {
      url: `${publicUrl}${request.url}`,
      signature: typeof signature === "string" ? signature : undefined,
      params: (request.body ?? {}) as Record<string, string>,
    };
    if (authToken === null || !isSignedByTwilio(webhook, authToken))
      throw new Refused("access/signature-wrong", "the signature is missing or wrong");
    return webhook;
  }

  async function hearOne(touch: InboundTouch | null): Promise<void> {
    if (touch) await hear([touch]);
  }
}
