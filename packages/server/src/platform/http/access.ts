import "fastify";

/**
 * Who may call a route. `evenUnenrolled`: also a colleague who has to set up a second factor before anything else.
 * Every route says so; one that does not keeps the server from starting.
 */
export type Access =
  | { kind: "public"; why: string }
  | { kind: "write-key" }
  | { kind: "signed"; why: string }
  | {
      kind: "staff";
      role: "viewer" | "agent" | "manager" | "admin";
      scope: "read" | "admin" | null;
      evenUnenrolled?: true;
    };

declare module "fastify" {
  interface FastifyContextConfig {
    access?: Access;
    /** What the API's description says of a route that reads its body or its query itself. */
    described?: Pick<FastifySchema, "body" | "querystring" | "headers" | "response">;
  }
}

export type RouteAccess = { method: string; url: string; access: Access };
