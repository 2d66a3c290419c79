import { once } from "node:events";
import { Worker } from "node:worker_threads";

import type { CompiledTemplate, Content, TemplateFault } from "./template.ts";

export type RenderJob = {
  template: CompiledTemplate;
  locale: string;
  /** JSON. What stands in it is put out as it is: template syntax in it means nothing. */
  data: Readonly<Record<string, unknown>>;
};
export type RenderBatch = {
  newTemplates: CompiledTemplate[];
  jobs: { templateId: string; data: Readonly<Record<string, unknown>> }[];
};
export type Renderer = {
  /** Answers one result a job, in order. A job that fails, however badly, fails alone. */
  render(jobs: readonly RenderJob[]): Promise<(Content | TemplateFault)[]>;
  close(): Promise<void>;
};
export type RenderLimits = { jobMs: number; memoryMb: number };

/**
 * Fills templates in a thread with a memory limit, batches in turn. A job that makes no progress for `jobMs`, or takes
 * the thread's memory, ends with the thread; the rest of its batch is done by a new one. Liquid's own limits come first
 * (`liquid-rules.ts`): the thread is for what they cannot see, such as one filter that never returns.
 */
export function openRenderer({ jobMs = 1000, memoryMb = 64 }: Partial<RenderLimits> = {}): Renderer {
  let thread: RenderThread | null = null;
  let turn: Promise<unknown> = Promise.resolve();

  const renderInTurn = async (jobs: readonly RenderJob[]): Promise<(Content | TemplateFault)[]> => {
    if (jobs.length === 0) return [];
    thread ??= startThread(jobMs, memoryMb);
    const outcome = await thread.run(jobs);
    if (outcome.kind === "done") return outcome.results;

    thread = null;
    if (jobs.length === 1) return [outcome.fault];
    // The job under way is tried once more alone, so that it is not blamed for a batch that is too large to be taken in.
    const [from, to] = outcome.at === null ? halvesOf(jobs) : [outcome.at, outcome.at + 1];
    const before = await renderInTurn(jobs.slice(0, from));
    const middle = await renderInTurn(jobs.slice(from, to));
    return [...before, ...middle, ...(await renderInTurn(jobs.slice(to)))];
  };

  return {
    render(jobs) {
      const mine = turn.then(() => renderInTurn(jobs));
      turn = mine.catch(() => undefined);
      return mine;
    },
    async close() {
      await turn;
      await thread?.end();
    },
  };
}

function halvesOf(jobs: readonly RenderJob[]): [from: number, to: number] {
  return [Math.ceil(jobs.length / 2), jobs.length];
}

/** What a run of a thread came to: all results, or the job that was under way when it ended; null before the first. */
type Outcome =
  | { kind: "done"; results: (Content | TemplateFault)[] }
  | { kind: "ended"; at: number | null; fault: TemplateFault };
type RenderThread = { run(jobs: readonly RenderJob[]): Promise<Outcome>; end(): Promise<unknown> };

const NONE_BEGUN = -1;

function startThread(jobMs: number, memoryMb: number): RenderThread {
  const shared = new SharedArrayBuffer(4);
  const progress = new Int32Array(shared);
  const worker = new Worker(new URL("./render-worker.ts", import.meta.url), {
    workerData: shared,
    resourceLimits: { maxOldGenerationSizeMb: memoryMb },
  });
  worker.unref();
  const ready = once(worker, "message");
  let ended: unknown = null;
  worker.on("error", (error) => {
    ended = error;
  });
  const sent = new Set<string>();

  return {
    end: () => worker.terminate(),
    async run(jobs) {
      await ready;
      Atomics.store(progress, 0, NONE_BEGUN);
      const stopped = new AbortController();
      const watch = setInterval(stopUnlessMoved(progress, stopped), jobMs);
      try {
        worker.postMessage(batchOf(jobs, sent));
        const [results] = await once(worker, "message", { signal: stopped.signal });
        return { kind: "done", results };
      } catch (error) {
        // The last word of a thread out of memory may come after it was given up for its silence.
        await worker.terminate();
        const current = Atomics.load(progress, 0);
        const at = current === NONE_BEGUN ? null : current;
        return { kind: "ended", at, fault: faultOf(ended ?? error, jobMs, memoryMb) };
      } finally {
        clearInterval(watch);
      }
    },
  };
}

/** Two looks at the same job, `jobMs` apart, are one too many. */
function stopUnlessMoved(progress: Int32Array, stopped: AbortController): () => void {
  let seen = Number.NaN;
  return () => {
    const current = Atomics.load(progress, 0);
    if (current === seen) stopped.abort();
    seen = current;
  };
}

/** A template goes to the thread once. */
function batchOf(jobs: readonly RenderJob[], sent: Set<string>): RenderBatch {
  const newTemplates: CompiledTemplate[] = [];
  for (const { template } of jobs) {
    if (sent.has(template.id)) continue;
    sent.add(template.id);
    newTemplates.push(template);
  }
  return {
    newTemplates,
    jobs: jobs.map(({ template, locale, data }) => ({ templateId: template.id, data: { ...data, locale } })),
  };
}

function faultOf(error: unknown, jobMs: number, memoryMb: number): TemplateFault {
  const { name, code } = error as NodeJS.ErrnoException;
  if (name === "AbortError") return { kind: "fault", code: "out-of-time", message: `took over ${jobMs} ms` };
  if (code !== "ERR_WORKER_OUT_OF_MEMORY") throw error;
  return { kind: "fault", code: "out-of-memory", message: `needs more than ${memoryMb} MB` };
}
