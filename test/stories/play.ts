import { parseArgs } from "node:util";

import { playOverage } from "./overage/overage.ts";
import type { StoryOptions } from "./story-options.ts";

const stories: Record<string, (options: StoryOptions) => Promise<number>> = { overage: playOverage };

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { data: { type: "string" }, live: { type: "boolean", default: false } },
});
const say = (line: string) => process.stdout.write(`${line}\n`);
const asked = positionals.length > 0 ? positionals : Object.keys(stories);

let worst = 0;
for (const name of asked) {
  const play = stories[name];
  if (!play) {
    say(`there is no story "${name}"; there are: ${Object.keys(stories).join(", ")}`);
    process.exit(2);
  }
  worst = Math.max(worst, await play({ data: values.data ?? null, live: values.live, say }));
}
process.exit(worst);
