import "fastify";

/** Who may call a route. Every route says so; one that does not keeps the server from starting. */
export type Access =
  | { kind: "public"; why: string }
  | { kind: "write-key" }
  | { kind: "signed"; why: string }
  | { kind: "staff"; role: "viewer" | "agent" | "manager" | "admin"; scope: "read" | "admin" | null };

declare module "fastify" {
  interface FastifyContextConfig {
    access?: Access;
  }
}

export type RouteAccess = { method: string; url: string; access: Access };
