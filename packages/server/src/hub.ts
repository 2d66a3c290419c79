import { randomBytes, randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import fastifyStatic from "@fastify/static";
import { countryOfZone } from "@rapport/engine/contact/index";
import { defaultIdentityPolicy } from "@rapport/engine/identity/index";
import type { FastifyBaseLogger } from "fastify";

import {
  accessRoutes,
  findKey,
  guard,
  hashOf,
  idSpaceOf,
  openLiveStreams,
  openSignIn,
  type SignIns,
} from "./access/index.ts";
import { type Gateway, type Hear, twilioRoutes } from "./channel/index.ts";
import { decisionRoutes } from "./decision/index.ts";
import {
  type Acceptor,
  atShare,
  ingestRoutes,
  DEFAULT_RATES,
  isNotServed,
  keepProofSettings,
  keyedPeers,
  openAcceptor,
  openRateLimits,
  proofRoutes,
  type Rates,
  rememberWriteKeys,
  tellNotServed,
} from "./ingest/index.ts";
import { type Loops, openLoops } from "./loops.ts";
import {
  type Claimed,
  findSaid,
  hasUnsent,
  hearTouches,
  messageKey,
  messageRoutes,
  openMessageRenderer,
  openSender,
  openSurgeWatch,
  type Sender,
  surgeRoutes,
  tellGateways,
  unsubscribeToken,
} from "./message/index.ts";
import { partitionOf } from "./partition/index.ts";
import type { Clock } from "./platform/clock.ts";
import type { Database } from "./platform/database.ts";
import type { RouteAccess } from "./platform/http/access.ts";
import { type App, openApp } from "./platform/http/app.ts";
import { type LoadShare, openLoadShare } from "./platform/load-share.ts";
import { settle } from "./platform/setting-store.ts";
import { customerRoutes } from "./profile/index.ts";
import { reportRoutes } from "./report/index.ts";
import { openScenarios, type Scenarios } from "./scenario/index.ts";
import type { Config, Role } from "./config.ts";
import { isConsoleRoom } from "./console-room.ts";

/** The doors to the outside that are opened with the hub: what they hear goes to `hear`. */
export type OpenChannels = (hear: Hear, secret: string) => Promise<{ gateways: Gateway[]; close(): Promise<void> }>;

export type HubParts = {
  db: Database;
  clock: Clock;
  company: Config["company"] & { mailDomain: string };
  publicUrl: string;
  /** Addresses and networks of proxies before us, whose word on who is calling counts. */
  trustedProxies: readonly string[];
  roles: readonly Role[];
  /** How much may come in; `DEFAULT_RATES` when nothing is said. */
  rates?: Rates;
  /** The share of them that browsers' keys have at the moment; by how busy this process is when nothing is said. */
  loadShare?: LoadShare;
  /** What the SMS provider signs its webhooks with; null when there is no such provider. */
  twilioAuthToken: string | null;
  smsPrice: Config["sms"]["price"];
  logger: FastifyBaseLogger;
  openChannels: OpenChannels;
};

export type Hub = {
  app: App;
  routes: RouteAccess[];
  scenarios: Scenarios;
  signIns: SignIns;
  hear: Hear;
  senders: readonly Sender[];
  acceptor: Acceptor;
  /** Everything accepted so far has been resolved, applied and, where its time has come, handed off, and what came back too. */
  idle(): Promise<void>;
  close(): Promise<void>;
};

const CONSOLE = join(import.meta.dirname, "../../console/dist");

/** Puts the nouns together. The only file besides `main.ts` that knows them all. */
export async function openHub(parts: HubParts): Promise<Hub> {
  const { db, clock, company, logger, roles } = parts;
  const onFault = (where: string, fault: unknown) =>
    logger.error({ err: fault }, `${where} failed; it will be tried again`);
  const secret = await settle<string>(db, "secret", randomBytes(32).toString("base64url"));
  const scenarios = await openScenarios(db, clock, { zones: [company.zone], locale: company.locale });
  const owner = `${process.pid}-${randomUUID().slice(0, 8)}`;

  let loops: Loops | null = null;
  const wakeResolver = () => loops?.wakeResolver();
  const hear = hearTouches({ db, clock, secret, wakeResolver });
  const channels = await parts.openChannels(hear, secret);
  const renderer = openMessageRenderer(
    () => scenarios.packs().map((pack) => pack.file.messages),
    company,
    (customerId, messageId) => findSaid(db, partitionOf(customerId), customerId, messageId),
  );

  const unsubscribeOf = (message: Claimed) =>
    message.channel === "email" && message.purpose === "marketing" && parts.publicUrl.startsWith("https:")
      ? {
          url: `${parts.publicUrl}/u/${unsubscribeToken(secret, messageKey(message.messageId))}`,
          mailto: `unsubscribe@${company.mailDomain}`,
        }
      : null;
  const surge = roles.includes("sender")
    ? openSurgeWatch({ db, clock, floorOf: scenarios.surgeFloorOf, wakeSenders: () => wakeSenders(), onFault })
    : null;
  const senders = surge
    ? channels.gateways.map((gateway) =>
        openSender({
          db,
          clock,
          owner,
          secret,
          gateway,
          render: renderer.render,
          contactPolicyOf: scenarios.contactPolicyOf,
          zones: () => [company.zone],
          surge,
          unsubscribeOf,
          dice: Math.random,
          wakeResolver,
          onFault,
        }),
      )
    : [];
  const teller = tellGateways({ db, owner, senders, onFault });
  const wakeSenders = () => {
    for (const sender of senders) sender.wake();
  };
  const proofs = keepProofSettings(db, clock.now, () => performance.now());
  if (roles.includes("worker"))
    loops = openLoops({
      db,
      clock,
      owner,
      secret,
      proofRules: proofs.rules,
      model: scenarios.model,
      policy: { ...defaultIdentityPolicy, region: countryOfZone(company.zone) },
      onFault,
      onMessages: wakeSenders,
    });

  const rates = parts.rates ?? DEFAULT_RATES;
  const loadShare = parts.loadShare ?? openLoadShare();
  const limits = openRateLimits(db, clock, (fault) => onFault("rate limits", fault));
  const acceptor = openAcceptor(db, wakeResolver);
  const signIns = openSignIn({ db, clock, secret, publicUrl: parts.publicUrl });
  const { app, routes } = await openApp({
    logger,
    version: "0.1.0",
    tellNotFound: tellNotServed,
    publicUrl: parts.publicUrl,
    trustedProxies: parts.trustedProxies,
    loadShare,
  });
  guard(app, db, clock, parts.publicUrl);
  const keys = rememberWriteKeys(
    async (key) => {
      const found = await findKey(db, hashOf(key));
      return found?.origin ? { source: found.name, origin: found.origin, idSpace: idSpaceOf(found) } : null;
    },
    { now: () => performance.now() },
  );
  app.get("/healthz", { config: { access: { kind: "public", why: "is it alive" } } }, async () => {
    await db.query("select 1");
    return { status: "ok" };
  });
  app.get(
    "/api/openapi.json",
    { config: { access: { kind: "public", why: "the API's description" } }, schema: { hide: true } },
    () => app.swagger(),
  );
  await ingestRoutes(app, {
    acceptor,
    keys,
    clock,
    publicUrl: parts.publicUrl,
    proofRules: proofs.rules,
    peerOf: keyedPeers(secret),
    rates: () => atShare(rates, loadShare.now()),
    limits,
  });
  proofRoutes(app, { db, clock, proofs });
  accessRoutes(app, { db, clock, secret, signIns, company, publicUrl: parts.publicUrl });
  customerRoutes(app, { db, clock, secret, scenarios, wakeResolver });
  decisionRoutes(app, { db, scenarios });
  await messageRoutes(app, {
    db,
    clock,
    secret,
    zones: [company.zone],
    smsPrice: parts.smsPrice,
    wakeResolver,
    wakeSenders,
  });
  surgeRoutes(app, { db, clock, wakeResolver });
  await twilioRoutes(app, { authToken: parts.twilioAuthToken, publicUrl: parts.publicUrl, hear, clock });
  const streams = openLiveStreams(db, clock, (fault) => onFault("the watch over live streams", fault));
  app.addHook("preClose", () => streams.close());
  reportRoutes(app, { db, clock, publicUrl: parts.publicUrl, streams, onFault });
  await serveConsole(app);

  return {
    app,
    routes,
    scenarios,
    signIns,
    hear,
    senders,
    acceptor,
    async idle() {
      do {
        await loops?.idle();
        await Promise.all(senders.map((sender) => sender.idle()));
        await surge?.idle();
        await loops?.idle();
      } while (await hasUnsent(db, new Date(clock.now())));
    },
    async close() {
      await app.close();
      await acceptor.close();
      loadShare.close();
      await limits.close();
      await teller.close();
      await Promise.all(senders.map((sender) => sender.close()));
      await surge?.close();
      await channels.close();
      await loops?.close();
      await renderer.close();
    },
  };
}

/** The console, where it has been built: its own files by their names, and its one page for every other address. */
async function serveConsole(app: App): Promise<void> {
  if (!existsSync(join(CONSOLE, "index.html"))) return;
  const access = { kind: "public", why: "the console's own files; they hold no data" } as const;
  await app.register(fastifyStatic, { root: CONSOLE, serve: false, preCompressed: true });
  app.get("/*", { config: { access }, schema: { hide: true } }, (request, reply) => {
    const path = request.url.split("?", 1)[0] ?? "";
    if (/^\/(api|v1|u|gateways|cloudevents)\b/i.test(path)) return reply.callNotFound();
    // No page of ours has an encoded slash or a step upwards in its address.
    if (/%2f|%5c|\\|\.\./i.test(path)) return reply.callNotFound();
    // What the build put into `assets/` has its content in its name.
    if (path.startsWith("/assets/")) return reply.sendFile(path, { maxAge: "365d", immutable: true });
    if (path === "/icon.svg") return reply.sendFile(path, { maxAge: "1h" });
    // A program that asks for what is not there is told so; a person is shown the console, which says it in its own way.
    const isRoom = isConsoleRoom(path);
    const accepts = request.headers.accept ?? "*/*";
    if (!(accepts.includes("text/html") || (isRoom && accepts.includes("*/*")))) return reply.callNotFound();
    if (isNotServed(path)) return reply.callNotFound();
    return reply.code(isRoom ? 200 : 404).sendFile("index.html", { maxAge: 0 });
  });
}
