import { parseArgs } from "node:util";
import { compileCondition, conditionToSql, explainCondition, type Explanation } from "@rapport/engine/condition/index";
import { factsOf } from "@rapport/engine/loop/index";

import { evaluateMailCommand } from "./channel/index.ts";
import { readConfig } from "./config.ts";
import { backtestCommand } from "./forecast/index.ts";
import { evaluateCommand } from "./identity/index.ts";
import { countWaiting, importCommand } from "./ingest/index.ts";
import { unsentByChannel } from "./message/index.ts";
import { lagByPartition, partitionOf, rebuildCommand } from "./partition/index.ts";
import { realClock } from "./platform/clock.ts";
import { type Database, openDatabase } from "./platform/database.ts";
import { startEmbeddedPostgres } from "./platform/embedded-postgres.ts";
import { openScenarios, readPack } from "./scenario/index.ts";
import { countSegment, customerForExplain } from "./segment/index.ts";

type Command = (args: string[], out: (line: string) => void) => Promise<number>;

const USAGE = `rapport COMMAND

  status                                   what waits where, and who works on it
  segment count CONDITION                  how many customers a CEL condition holds for
  segment explain CONDITION --customer ID  why a customer is in it, or not
  pack install NAME                        take a scenario pack of scenarios/ into force
  import FILE --url URL --key WRITE_KEY    events or customers of an NDJSON or CSV file; --resume goes on
  rebuild --check                          every profile folded anew from the log, and compared
  backtest usage --data DIR                forecasts of usage, tried on the past
  backtest series --data FILE              forecasts of plain series, tried on the past
  evaluate identity --data FILE.csv        suggestions of one person's records, against the truth
  evaluate bounces --data DIR              mails that came back, understood and compared with the truth
  evaluate replies --data DIR              what a person wrote above, between and below quotes, likewise
  demo overage                             the story, live in the console (see script/story)
`;

const commands: Record<string, Command> = {
  status: (_args, out) => withDatabase((db) => status(db, out)),
  segment: (args, out) => withDatabase((db) => segment(db, args, out)),
  pack: (args, out) => withDatabase((db) => installPack(db, args, out)),
  import: importCommand,
  rebuild: (args, out) => withDatabase((db) => rebuild(db, args, out)),
  backtest: backtestCommand,
  evaluate: (args, out) => (args[0] === "identity" ? evaluateCommand : evaluateMailCommand)(args, out),
};

// `rapport … | head` closes our output early: that is no fault.
process.stdout.on("error", () => process.exit(0));

const [name = "", ...rest] = process.argv.slice(2);
const command = commands[name];
if (!command) {
  process.stdout.write(USAGE);
  process.exit(name === "" || name === "help" || name === "--help" ? 0 : 2);
}
process.exitCode = await command(rest, (line) => process.stdout.write(`${line}\n`));

/** The installation's database: the one configured, or the embedded one, running or started for this command alone. */
async function withDatabase(work: (db: Database) => Promise<number>): Promise<number> {
  const config = readConfig(process.env);
  const embedded = config.databaseUrl ? null : await startEmbeddedPostgres(config.dataFolder);
  const db = openDatabase(config.databaseUrl ?? embedded?.url ?? "", { poolSize: 2, name: "rapport command" });
  try {
    return await work(db);
  } finally {
    await db.close();
    if (embedded?.wasStarted) await embedded.stop();
  }
}

async function status(db: Database, out: (line: string) => void): Promise<number> {
  const [waiting, partitions, unsent] = await Promise.all([
    countWaiting(db),
    lagByPartition(db),
    unsentByChannel(db, new Date()),
  ]);
  const since = waiting.oldest
    ? `, the oldest for ${Math.round((Date.now() - waiting.oldest.getTime()) / 1_000)} s`
    : "";
  out(`accepted, not yet resolved: ${waiting.events} events in ${waiting.batches} batches${since}`);
  out(`messages whose time has come: ${unsent.reduce((sum, one) => sum + one.unsent, 0)}`);
  out("partition  waiting  owner");
  for (const { partition, events, owner } of partitions) {
    out(`${String(partition).padStart(9)}  ${String(events).padStart(7)}  ${owner ?? "nobody"}`);
  }
  return 0;
}

async function segment(db: Database, args: string[], out: (line: string) => void): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { customer: { type: "string" } },
  });
  const [verb, source = ""] = positionals;
  const compiled = compileCondition(source);
  if (compiled.kind === "fault") {
    out(`the condition is wrong: ${compiled.message}`);
    return 2;
  }
  const { model } = await openScenarios(db, realClock, { zones: ["UTC"], locale: "en" });
  const { features } = model();
  if (verb === "count") {
    const sql = conditionToSql(compiled.condition, { features, now: realClock.now(), firstParameter: 1 });
    if ("message" in sql) {
      out(`the database cannot answer this condition: ${sql.message}`);
      return 2;
    }
    const { members, customers } = await countSegment(db, sql);
    out(`${members} of ${customers} customers`);
    return 0;
  }
  const customerId = values.customer ?? "";
  const profile = /^[0-9a-f-]{36}$/.test(customerId)
    ? await customerForExplain(db, { partition: partitionOf(customerId), customerId })
    : null;
  if (verb !== "explain" || !profile) {
    out(
      verb === "explain"
        ? "there is no such customer: give --customer ID"
        : "segment count CONDITION, or segment explain CONDITION --customer ID",
    );
    return 2;
  }
  for (const line of toldTree(
    explainCondition(compiled.condition, factsOf(profile, null, model(), realClock.now(), false)),
  ))
    out(line);
  return 0;
}

function toldTree({ text, value, parts }: Explanation, depth = 0): string[] {
  return [
    `${"  ".repeat(depth)}${text}  is ${value === null ? "unknown" : JSON.stringify(value)}`,
    ...parts.flatMap((part) => toldTree(part, depth + 1)),
  ];
}

async function rebuild(db: Database, args: string[], out: (line: string) => void): Promise<number> {
  const { model } = await openScenarios(db, realClock, { zones: ["UTC"], locale: "en" });
  return rebuildCommand(args, out, { db, model, now: realClock.now });
}

async function installPack(db: Database, args: string[], out: (line: string) => void): Promise<number> {
  const [verb, pack = ""] = args;
  if (verb !== "install" || !/^[a-z][a-z0-9_-]*$/.test(pack)) {
    out("pack install NAME");
    return 2;
  }
  const scenarios = await openScenarios(db, realClock, { zones: ["UTC"], locale: "en" });
  await scenarios.install(readPack(pack));
  out(`${pack} is in force`);
  return 0;
}
