import { Problem } from "@rapport/contract/api";
import type { FastifySchema, RouteOptions } from "fastify";

import type { Access } from "./access.ts";
import { operationIdOf } from "./operation-id.ts";
import { type RefusalCode, STATUS } from "./problem.ts";
import { refusalsOf } from "./refusals-of.ts";

/** The chapters of the API's description, by the beginning of the address. */
const CHAPTERS: readonly [prefix: string, chapter: string][] = [
  ["/v1/", "Events in"],
  ["/cloudevents", "Events in"],
  ["/gateways/", "Events in"],
  ["/sourceConfig", "Events in"],
  ["/customerio/", "Events in"],
  ["/pixel/", "Events in"],
  ["/beacon/", "Events in"],
  ["/api/session", "Signing in"],
  ["/api/account", "My account"],
  ["/api/staff", "Colleagues"],
  ["/api/second-factor", "Colleagues"],
  ["/api/keys", "API keys"],
  ["/api/audit", "Audit log"],
  ["/api/decisions", "Decisions"],
  ["/api/customers", "Customers"],
  ["/api/messages", "Messages"],
  ["/u/", "Messages"],
];

/** What answers without a body. */
const NO_CONTENT = new Set([
  "DELETE /api/session",
  "PATCH /api/staff/:staffId",
  "DELETE /api/keys/:apiKeyId",
  "POST /api/dead-letters/:id/resolve",
  "POST /api/dead-letters/:id/return",
  "POST /gateways/twilio/status",
]);

type Described = { schema: FastifySchema; url: string };

/**
 * What the OpenAPI document says of a route beside its schemas: its name, its chapter, who may call it how, what a route
 * that reads its own body takes (`described`), and every problem it may answer.
 */
export function describeRoute({
  schema,
  url,
  route,
}: {
  schema: FastifySchema | undefined;
  url: string;
  route: RouteOptions;
}): Described {
  const chapter = CHAPTERS.find(([prefix]) => url.startsWith(prefix))?.[1] ?? "The hub";
  const method = [route.method].flat()[0] ?? "GET";
  const access = route.config?.access;
  const answers = NO_CONTENT.has(`${method} ${url}`)
    ? { 204: { description: "done" } }
    : { 200: { description: "done" } };
  const described: FastifySchema = { ...schema, ...route.config?.described };
  const told = {
    ...described,
    operationId: operationIdOf(method, url),
    tags: [url.includes("/decisions") ? "Decisions" : chapter],
    ...howToCall(access),
    response: {
      ...((described.response as object | undefined) ?? answers),
      ...problems(refusalsOf({ method, url, access })),
    },
  };
  return { schema: method === "OPTIONS" ? { ...told, hide: true } : told, url };
}

/** RFC 9457 answers by status, each with the codes that its `type` may be. */
function problems(codes: RefusalCode[]): Record<string, unknown> {
  const byStatus = Map.groupBy(codes, (code) => STATUS[code]);
  return Object.fromEntries(
    [...byStatus].map(([status, types]) => [
      status,
      {
        description: types.join(", "),
        content: {
          "application/problem+json": {
            schema: { ...Problem, properties: { ...Problem.properties, type: { type: "string", enum: types } } },
          },
        },
      },
    ]),
  );
}

function howToCall(access: Access | undefined): { summary: string; security: Record<string, string[]>[] } {
  switch (access?.kind) {
    case "write-key":
      return { summary: "with a write key", security: [{ writeKey: [] }] };
    case "signed":
      return { summary: access.why, security: [] };
    case "staff": {
      const byKey = access.scope === null ? [] : [{ key: [] }];
      const scope = access.scope === null ? "" : `, or a key of scope ${access.scope}`;
      return { summary: `role ${access.role} and above${scope}`, security: [{ session: [] }, ...byKey] };
    }
    default:
      return { summary: access?.why ?? "", security: [] };
  }
}
