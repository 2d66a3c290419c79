import { readdirSync, readFileSync } from "node:fs";

/** Clock ticks a second in /proc (USER_HZ), the same on every Linux. */
const TICKS = 100;

type Usage = { parent: number; own: number; ofDeadChildren: number };

/** proc_pid_stat(5), counted from the field after the command's closing parenthesis. */
function usageOf(pid: number): Usage | null {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? [];
    const ticks = (from: number) => (Number(fields[from]) + Number(fields[from + 1])) / TICKS;
    return { parent: Number(fields[1]), own: ticks(11), ofDeadChildren: ticks(13) };
  } catch {
    return null;
  }
}

/** CPU-seconds used so far by these processes and all below them, the dead ones that were waited for included. */
export function cpuSeconds(roots: number[]): number {
  const usages = new Map<number, Usage>();
  for (const name of readdirSync("/proc")) {
    const usage = /^\d+$/.test(name) ? usageOf(Number(name)) : null;
    if (usage) usages.set(Number(name), usage);
  }
  const counts = (pid: number): boolean => {
    if (roots.includes(pid)) return true;
    const parent = usages.get(pid)?.parent;
    return parent !== undefined && parent > 1 && counts(parent);
  };
  let seconds = 0;
  for (const [pid, usage] of usages) if (counts(pid)) seconds += usage.own + usage.ofDeadChildren;
  return seconds;
}

/** Resident memory of a process now and at its highest, megabytes. */
export function residentMb(pid: number): { now: number; highest: number } {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const kb = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(status)?.[1] ?? 0);
  return { now: Math.round(kb("VmRSS") / 1024), highest: Math.round(kb("VmHWM") / 1024) };
}
