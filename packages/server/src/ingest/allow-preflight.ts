import type { FastifyReply, FastifyRequest } from "fastify";

/** A field name, RFC 9110, 5.1: what may stand in `Access-Control-Request-Headers`. */
const FIELD_NAME = /^[a-z0-9!#$%&'*+.^_`|~-]{1,64}$/i;
const MOST_NAMES = 24;
/** What the doors read: for who does not say what he will send. */
const ALWAYS = ["authorization", "content-type", "content-encoding", "x-strict-mode"];

/**
 * Answers a browser's preflight: whatever headers it names are allowed, as each SDK brings its own (`anonymousid` of
 * RudderStack, `x-retry-count` of Segment), and none of them means anything here but those that the door reads. No
 * credentials of the browser's are allowed, so a page can say no more than anybody can who has its write key.
 */
export function allowPreflight(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (!isDoor(request)) {
    reply.callNotFound();
    return reply;
  }
  return reply
    .headers({
      "access-control-allow-headers": namesIn(request.headers["access-control-request-headers"]).join(", "),
      ...validation(request),
      "access-control-allow-methods": "GET, POST",
      "access-control-max-age": "86400",
      vary: "access-control-request-headers",
    })
    .status(204)
    .send();
}

/** CloudEvents' web hooks ask whether their events are wanted before they send any (HTTP 1.1 Web Hooks, 4). A key decides that. */
const validation = ({ headers }: FastifyRequest): Record<string, string> =>
  headers["webhook-request-origin"] === undefined
    ? {}
    : { "webhook-allowed-origin": "*", "webhook-allowed-rate": "*", allow: "POST" };

/** Whether anything is served at the address: a preflight for what is not is told so. */
function isDoor({ server, url }: FastifyRequest): boolean {
  const path = url.split("?", 1)[0] ?? "";
  const isServed = (["POST", "GET"] as const).some((method) => server.hasRoute({ method, url: path }));
  return isServed || path.startsWith("/v1/projects/");
}

function namesIn(asked: string | undefined): string[] {
  const names = (asked ?? "")
    .toLowerCase()
    .split(",", MOST_NAMES)
    .map((name) => name.trim());
  return asked === undefined ? ALWAYS : names.filter((name) => FIELD_NAME.test(name));
}
