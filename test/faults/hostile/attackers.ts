import { constants, setPriority } from "node:os";
import { Worker } from "node:worker_threads";

import type { SwarmSize } from "../slow-swarm.ts";
import { type Attack, rest, type Tally, type Target } from "./attack.ts";
import { browserAttacks } from "./browser-attacks.ts";
import { holdMailSockets, mailAttacks } from "./mail-attacks.ts";
import { strangerAttacks } from "./stranger-attacks.ts";

/** A process of its own that attacks every door at once until it is sent a message; then it answers its tally and ends. */
// They would work elsewhere: here they take what the hub and its honest clients leave of the machine.
setPriority(constants.priority.PRIORITY_LOW);
const target = JSON.parse(process.argv[2] ?? "") as Target;
const tally: Tally = {};
let isOver = false;

const swarm: SwarmSize = { port: target.httpPort, idle: 300, headers: 50, bodies: 50 };
const slow = new Worker(new URL("../slow-swarm.ts", import.meta.url), { workerData: swarm });
const letGo = holdMailSockets(target.mailPort, 60);
const attacks = [...browserAttacks(target), ...strangerAttacks(target), ...mailAttacks(target)];
const all = Promise.all(
  attacks.flatMap((attack) => Array.from({ length: attack.clients }, (_, at) => run(attack, at))),
);

async function run({ name, clients, pauseMs, strike }: Attack, client: number): Promise<void> {
  const told: Record<string, number> = tally[name] ?? {};
  tally[name] = told;
  for (let number = client; !isOver; number += clients) {
    const answer = await strike(number).catch((fault: NodeJS.ErrnoException) => fault.code ?? fault.message);
    told[answer] = (told[answer] ?? 0) + 1;
    await rest(pauseMs);
  }
}

process.once("message", async () => {
  isOver = true;
  await Promise.race([all, rest(10_000)]);
  letGo();
  await slow.terminate();
  process.send?.(tally, () => process.exit(0));
});
