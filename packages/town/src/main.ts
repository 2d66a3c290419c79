import { parseArgs } from "node:util";

import { liveIn } from "./demo-life.ts";
import { openTown, peopleOf } from "./index.ts";

// The town of the demo company, in a process of its own: told where the hub is, it tells where its networks are.
const { values } = parseArgs({
  options: {
    "hub-mail-port": { type: "string" },
    seed: { type: "string", default: "7" },
    people: { type: "string", default: "120" },
  },
});
const seed = Number(values.seed);
const people = peopleOf({ seed, count: Number(values.people) });
const town = await openTown({
  seed,
  people,
  // Nobody watching a demo waits an hour for an answer: the town lives sixty times as fast between a message and its answer.
  clock: { now: Date.now, schedule: (delayMs, deed) => void setTimeout(deed, delayMs / 60).unref() },
  hubMail: { host: "127.0.0.1", port: Number(values["hub-mail-port"]) },
});

let stop: () => void = () => undefined;
process.once("message", (hub: { hubUrl: string; writeKey: string }) => {
  stop = liveIn({ ...hub, people, seed, now: Date.now, say: (line) => process.stderr.write(`${line}\n`) });
});
process.once("SIGTERM", end);
process.once("SIGINT", () => undefined);
process.once("disconnect", end);
process.send?.({ smtpPort: town.mail.port, smppPort: town.phones.port });

function end(): void {
  stop();
  void town.close().then(() => process.exit(0));
}
