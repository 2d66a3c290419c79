import type { FastifySchema, RouteOptions } from "fastify";

import type { Access } from "./access.ts";

/** The chapters of the API's description, by the beginning of the address. */
const CHAPTERS: readonly [prefix: string, chapter: string][] = [
  ["/v1/", "Events in"],
  ["/cloudevents", "Events in"],
  ["/gateways/", "Events in"],
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

type Described = { schema: FastifySchema; url: string };

/** What the OpenAPI document says of a route beside its schemas: its chapter, and who may call it how. */
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
  const told = {
    ...schema,
    tags: [url.includes("/decisions") ? "Decisions" : chapter],
    ...howToCall(route.config?.access),
  };
  return { schema: route.method === "OPTIONS" ? { ...told, hide: true } : told, url };
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
