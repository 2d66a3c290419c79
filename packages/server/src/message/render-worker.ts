import { parentPort, workerData } from "node:worker_threads";

import { templateFiller } from "./fill-template.ts";
import type { RenderBatch } from "./render.ts";
import type { CompiledTemplate } from "./template.ts";

/** Fills batches for `render.ts`. `progress` tells it, even while this thread is stuck, which job is under way. */
const progress = new Int32Array(workerData as SharedArrayBuffer);
const filler = templateFiller();
const templates = new Map<string, CompiledTemplate>();

parentPort?.on("message", ({ newTemplates, jobs }: RenderBatch) => {
  for (const template of newTemplates) templates.set(template.id, template);
  const results = jobs.map(({ templateId, data }, index) => {
    Atomics.store(progress, 0, index);
    const template = templates.get(templateId);
    if (!template) throw new Error(`template ${templateId} was never sent to this thread`);
    return filler.fill(template, data);
  });
  parentPort?.postMessage(results);
});
parentPort?.postMessage("ready");
