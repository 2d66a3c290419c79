import { once } from "node:events";
import { Worker } from "node:worker_threads";

import type { CompiledTemplate, Template, TemplateFault } from "./template.ts";

const TIME_MS = 20_000;
const MEMORY_MB = 256;

/**
 * Compiles a template once, when it is saved or first used: MJML to HTML with its Liquid kept, Liquid checked. It is
 * done in a thread of its own with limits on memory and time, which is gone afterwards together with MJML's memory.
 */
export async function compileTemplate(template: Template): Promise<CompiledTemplate | TemplateFault> {
  const worker = new Worker(new URL("./compile-worker.ts", import.meta.url), {
    workerData: template,
    resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB },
  });
  const late = AbortSignal.timeout(TIME_MS);
  try {
    const [result] = await once(worker, "message", { signal: late });
    return result as CompiledTemplate | TemplateFault;
  } catch (error) {
    if (late.aborted) return { kind: "fault", code: "out-of-time", message: `not compiled in ${TIME_MS} ms` };
    if ((error as NodeJS.ErrnoException).code !== "ERR_WORKER_OUT_OF_MEMORY") throw error;
    return { kind: "fault", code: "out-of-memory", message: `needs more than ${MEMORY_MB} MB` };
  } finally {
    await worker.terminate();
  }
}
