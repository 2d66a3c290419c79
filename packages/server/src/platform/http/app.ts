import swagger from "@fastify/swagger";
import swaggerUi from "@fastify/swagger-ui";
import { type TypeBoxTypeProvider, TypeBoxValidatorCompiler } from "@fastify/type-provider-typebox";
import Fastify, {
  LogController,
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type RawServerDefault,
} from "fastify";
import type { IncomingMessage, ServerResponse } from "node:http";

import { realClock } from "../clock.ts";
import { isPassing } from "../database.ts";
import type { LoadShare } from "../load-share.ts";
import type { RouteAccess } from "./access.ts";
import { describeRoute } from "./describe-route.ts";
import { openLateRefusals } from "./late-refusals.ts";
import { Refused, STATUS } from "./problem.ts";
import { rememberedHeaders, securityHeaders } from "./security-headers.ts";
import { holdsUnkeepable } from "./unkeepable-text.ts";

export type App = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

/** Longest body of any route; ingest has its own, smaller limits. */
const MOST_BYTES = 1_048_576;
/** A request must have come whole by then: a sender of one byte a second does not hold a connection for ever. */
const REQUEST_MS = 15_000;

/**
 * The HTTP server with what every route shares: problem+json for all that fails, strict schemas, security headers, the
 * OpenAPI document with a reader at /api/docs, and the list of routes with who may call them.
 */
export async function openApp(options: {
  logger: FastifyBaseLogger;
  version: string;
  /** What to say of a path that is not there. */
  tellNotFound: (path: string) => string;
  /** The address customers and colleagues reach us by. */
  publicUrl: string;
  /** Addresses and networks whose `X-Forwarded-*` headers are believed; from nobody else they are. */
  trustedProxies: readonly string[];
  loadShare: Pick<LoadShare, "now">;
}): Promise<{ app: App; routes: RouteAccess[] }> {
  const https = options.publicUrl.startsWith("https:");
  const app = Fastify({
    trustProxy: options.trustedProxies.length > 0 ? [...options.trustedProxies] : false,
    frameworkErrors: (_fault, request, reply) => {
      reply.headers(securityHeaders({ route: undefined, path: pathOf(request.url), https }));
      sendProblem(reply, new Refused("request/invalid", "the address is not well encoded"), () => undefined);
    },
    loggerInstance: options.logger,
    bodyLimit: MOST_BYTES,
    requestTimeout: REQUEST_MS,
    // Late requests are looked for this often: at Node's own thirty seconds they would have three times as long, and
    // thousands of them would be hung up on in one go, while everybody else waits.
    http: { connectionsCheckingInterval: 200 },
    connectionTimeout: 60_000,
    logController: new LogController({ disableRequestLogging: true }),
    routerOptions: { maxParamLength: 200 },
    onProtoPoisoning: "remove",
    onConstructorPoisoning: "remove",
  }).withTypeProvider<TypeBoxTypeProvider>();
  // A form of another site can send text/plain without asking first; nobody else sends it to the API.
  app.removeContentTypeParser("text/plain");
  app.setValidatorCompiler(TypeBoxValidatorCompiler);
  app.server.headersTimeout = 10_000;
  app.server.maxHeadersCount = 100;

  const routes: RouteAccess[] = [];
  app.addHook("onRoute", (route) => {
    if (route.method === "HEAD" || route.url.startsWith("/api/docs")) return;
    const access = route.config?.access;
    if (!access) throw new Error(`route ${String(route.method)} ${route.url} does not say who may call it`);
    for (const part of ["body", "querystring"] as const) {
      const schema = route.schema?.[part] as { type?: string; additionalProperties?: unknown } | undefined;
      if (schema?.type === "object" && schema.additionalProperties !== false)
        throw new Error(`route ${String(route.method)} ${route.url} takes fields in its ${part} that it does not know`);
    }
    for (const method of [route.method].flat()) if (method !== "HEAD") routes.push({ method, url: route.url, access });
  });
  // Hooks of every request call back rather than promise: at thousands of requests a second that is felt.
  app.addHook("onRequest", ({ headers, routeOptions }, _reply, done) => {
    const coding = headers["content-encoding"] ?? "";
    if (coding === "" || routeOptions.config.access?.kind === "write-key" || /^identity$/i.test(coding)) return done();
    done(
      new Refused("request/unsupported-encoding", "send the body without a content-encoding", {
        headers: { "accept-encoding": "identity" },
      }),
    );
  });
  const headersOf = rememberedHeaders(https);
  app.addHook("onSend", (request, reply, _payload, done) => {
    reply.headers(headersOf(request.routeOptions.url, pathOf(request.url)));
    done();
  });
  app.addHook("preValidation", ({ params, query, body }, _reply, done) => {
    const unfit = [params, query, body].find(holdsUnkeepable);
    if (unfit === undefined) return done();
    const field = Object.entries(unfit as object).find(([, value]) => holdsUnkeepable(value))?.[0] ?? "";
    const errors = [{ field, message: "may hold neither U+0000 nor half a character" }];
    done(new Refused("request/invalid", "some fields are wrong", { errors }));
  });
  const late = openLateRefusals(options.loadShare);
  app.setErrorHandler(async (fault: FastifyError | Refused | Error, request, reply) => {
    const refused = problemOf(fault);
    if (STATUS[refused.code] < 500) await late.wait();
    return sendProblem(reply, refused, () => request.log.error({ err: fault }, "a request failed"));
  });
  const notFound = ({ url }: FastifyRequest) =>
    new Refused("route/not-found", options.tellNotFound(url.split("?", 1)[0] ?? ""));
  // Before the body is looked at, whose type may be unknown here, too.
  app.addHook("onRequest", (request, _reply, done) => done(request.is404 ? notFound(request) : undefined));
  app.setNotFoundHandler((request) => {
    throw notFound(request);
  });

  await app.register(swagger, {
    transform: describeRoute,
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "Rapport",
        version: options.version,
        description: "Every route of the hub. Errors are RFC 9457 problem+json.",
      },
      components: {
        securitySchemes: {
          session: { type: "apiKey", in: "cookie", name: "rapport" },
          key: { type: "http", scheme: "bearer", description: "An API key" },
          writeKey: { type: "http", scheme: "basic", description: "A write key as user, with an empty password" },
        },
      },
    },
  });
  await app.register(swaggerUi, { routePrefix: "/api/docs" });
  return { app, routes };
}

/** What went wrong, as something that may be told: what was not expected is told as nothing but that. */
function problemOf(fault: FastifyError | Refused | Error): Refused {
  if (fault instanceof Refused) return fault;
  const { validation, statusCode, code } = fault as FastifyError;
  if (validation) {
    const errors = validation.map((one) => ({
      field: one.instancePath.slice(1).replaceAll("/", ".") || String(Object.values(one.params ?? {}).flat()[0] ?? ""),
      message: one.message ?? "is wrong",
    }));
    return new Refused("request/invalid", "some fields are wrong", { errors });
  }
  if (code === "FST_ERR_CTP_BODY_TOO_LARGE") return new Refused("request/too-large", "the body is too large");
  if (code === "FST_ERR_CTP_INVALID_MEDIA_TYPE")
    return new Refused("request/unsupported-media-type", "send application/json");
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500)
    return new Refused("request/not-json", fault.message);
  if (isPassing(fault))
    return new Refused("hub/unavailable", "the database is away; try again", { retryAfterSeconds: 2 });
  return new Refused("hub/fault", "something went wrong here; it has been logged");
}

function sendProblem(reply: FastifyReply, refused: Refused, log: () => void): FastifyReply {
  const status = STATUS[refused.code];
  if (status === 500) log();
  if (refused.retryAfterSeconds !== null) {
    reply.header("retry-after", refused.retryAfterSeconds);
    // Segment's own: the second (of the Unix clock) from which on another try may succeed.
    if (status === 429)
      reply.header("x-ratelimit-reset", Math.ceil(realClock.now() / 1_000) + refused.retryAfterSeconds);
  }
  const errors = refused.errors.length > 0 ? { errors: refused.errors } : {};
  return reply
    .headers(refused.headers)
    .status(status)
    .type("application/problem+json")
    .send(JSON.stringify({ type: refused.code, title: refused.message, status, ...errors }));
}

const pathOf = (url: string): string => url.split("?", 1)[0] ?? "";
