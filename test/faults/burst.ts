import { parentPort, workerData } from "node:worker_threads";

import { type Load, type LoadOptions, openLoad } from "../harness/load.ts";

export type BurstOptions = Omit<LoadOptions, "ports"> & { port: number };
/** A load's ledger, without what only works where the load runs. */
export type BurstLedger = Omit<Load, "finish" | "abandon">;

const { port, ...options } = workerData as BurstOptions;
const { finish, abandon: _, ...ledger } = openLoad({ ...options, ports: () => [port] });
parentPort?.once("message", async () => {
  await finish();
  parentPort?.postMessage(ledger);
});
