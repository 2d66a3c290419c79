// Asks the registry whether a package that we ship has a known hole. Fails for a high or critical one; says so where the
// registry was not asked or did not answer (no network, a mirror without audits), which is no fault of the code's.
import { spawnSync } from "node:child_process";

/** A registry that does not answer by then holds nobody up. */
const MOST_MS = 20_000;

type Report = {
  auditReportVersion?: number;
  message?: string;
  vulnerabilities?: Record<string, { severity: string; via: unknown[] }>;
};

const { npm_config_offline, NPM_CONFIG_OFFLINE } = process.env;
const isOffline = [npm_config_offline, NPM_CONFIG_OFFLINE].includes("true");
const report = isOffline ? { message: "npm is set to be offline" } : askRegistry();
if (report.auditReportVersion === undefined) {
  console.log(`    not asked: ${report.message ?? "no answer"}`);
} else {
  const holes = Object.entries(report.vulnerabilities ?? {}).filter(([, { severity }]) =>
    /high|critical/.test(severity),
  );
  for (const [name, { severity, via }] of holes)
    console.error(`    ${name}: ${severity}: ${via.map((one) => (one as { title?: string }).title ?? one).join("; ")}`);
  process.exitCode = holes.length > 0 ? 1 : 0;
}

function askRegistry(): Report {
  const args = ["audit", "--omit=dev", "--json", "--fetch-retries=0", `--fetch-timeout=${MOST_MS / 2}`];
  const { stdout, error } = spawnSync("npm", args, { encoding: "utf8", timeout: MOST_MS });
  if (error) return { message: error.message };
  try {
    return JSON.parse(stdout) as Report;
  } catch {
    return { message: "npm's answer is no JSON" };
  }
}
