import { pino } from "pino";

import { type Config, readConfig } from "./config.ts";
import { firstSignIn, ownWriteKey } from "./first-run.ts";
import { openHub } from "./hub.ts";
import { channelsOf } from "./open-channels.ts";
import { openDemoTown } from "./demo-town.ts";
import { realClock } from "./platform/clock.ts";
import { isShared } from "./platform/connection-store.ts";
import { openDatabase } from "./platform/database.ts";
import { startEmbeddedPostgres } from "./platform/embedded-postgres.ts";
import { withLeastRights } from "./platform/rights/least-rights.ts";
import { migrate } from "./platform/migrate.ts";
import { openRecurring } from "./recurring.ts";

const configured = readConfigOrEnd();
const logger = pino({ level: configured.logLevel, redact: ["req.headers.authorization", "req.headers.cookie"] });
const say = (line: string) => process.stdout.write(`${line}\n`);

const embedded = configured.databaseUrl ? null : await startEmbeddedPostgres(configured.dataFolder);
const ownersUrl = configured.migrationUrl ?? configured.databaseUrl ?? embedded?.url ?? "";
await migrate(ownersUrl, (line) => logger.warn(line));
const databaseUrl = configured.migrationUrl
  ? (configured.databaseUrl ?? ownersUrl)
  : await withLeastRights(ownersUrl, (line) => logger.warn(line));
const ownName = `rapport ${process.pid}`;
const db = openDatabase(databaseUrl, { poolSize: 16, name: ownName });

const onFault = (where: string, fault: unknown) => logger.warn({ err: fault }, `${where} failed`);
const town = await openDemoTown(configured);
const config = town?.config ?? configured;
const hub = await openHub({
  db,
  clock: realClock,
  company: { ...config.company, mailDomain: config.mail.domain },
  publicUrl: config.publicUrl,
  trustedProxies: config.trustedProxies,
  roles: config.roles,
  twilioAuthToken: config.sms.twilio?.authToken ?? null,
  smsPrice: config.sms.price,
  logger,
  openChannels: channelsOf({ ...config, now: realClock.now, onFault }),
});
const recurring = openRecurring({ db, clock: realClock, scenarios: hub.scenarios, onFault });
let stopping = false;
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    if (stopping) process.exit(1);
    stopping = true;
    say("Stopping …");
    void stop().then(
      () => process.exit(0),
      (fault) => {
        logger.error({ err: fault }, "could not stop cleanly");
        process.exit(1);
      },
    );
  });
}

if (config.roles.includes("api")) {
  await listenOrEnd(config);
  say(`Rapport is at ${config.publicUrl}`);
  const token = await firstSignIn(db, realClock, hub.signIns);
  if (token) say(`Sign in once, and choose a password: ${config.publicUrl}/claim?token=${token}`);
  const writeKey = await ownWriteKey(db, realClock, "server");
  say(`Write key for events: ${writeKey} (a server key: keep it secret)`);
  say(`Browser key for pages and apps: ${await ownWriteKey(db, realClock, "browser")}`);
  await town?.begin({ scenarios: hub.scenarios, writeKey });
}

async function stop(): Promise<void> {
  await town?.stop();
  await recurring.close();
  await hub.close();
  // Another hub may have joined the embedded database meanwhile: it goes on with it.
  const goesOn = await isShared(db, ownName).catch(() => false);
  await db.close();
  if (!goesOn) await embedded?.stop();
  say("Stopped. What was accepted is kept.");
}

async function listenOrEnd({ port, host }: Config): Promise<void> {
  try {
    await hub.app.listen({ port, host });
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code !== "EADDRINUSE") throw fault;
    process.stderr.write(`port ${port} is taken by another program: end it, or set PORT to a free one\n`);
    await stop();
    process.exit(2);
  }
}

function readConfigOrEnd(): Config {
  try {
    return readConfig(process.env);
  } catch (fault) {
    process.stderr.write(`${(fault as Error).message}\n`);
    process.exit(2);
  }
}
