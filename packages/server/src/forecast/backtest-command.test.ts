import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";

import { backtestCommand, type SeriesBacktest, type UsageBacktest } from "./index.ts";

const DATA = process.env.RAPPORT_DATA ?? join(import.meta.dirname, "../../../../../shared/data");
const absent = (name: string) =>
  existsSync(join(DATA, name)) ? false : `${join(DATA, name)} is absent (set RAPPORT_DATA)`;

async function run(...args: string[]): Promise<{ code: number; lines: string[] }> {
  const lines: string[] = [];
  const code = await backtestCommand(args, (line) => lines.push(line));
  return { code, lines };
}

const FOLDER = {
  "users.csv":
    '\uFEFF User_ID , city, reg_date,plan,churn_date\n1,"A, B",2024-01-03,small,\n2,C,2024-01-20,small,2024-02-10\n',
  "plans.csv": "plan_name,mb_per_month_included,minutes_included,messages_included\nsmall,100,60,10\n",
  "calls.csv": "id,user_id,call_date,duration\n1_1,1,2024-01-04,0.5\n1_2,1,2024-03-31,3\n",
  "internet.csv":
    "id,user_id,session_date,mb_used\n1_1,1,2024-01-04,7.5\n1_2,1,2024-02-11 10:00:00,120\n2_1,2,2024-01-21,1\n",
  "messages.csv": "id,user_id,message_date\n1_1,1,2024-02-02\n",
};

async function folderOf(t: TestContext, files: Record<string, string>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "rapport-backtest-"));
  t.after(() => rm(folder, { recursive: true }));
  await mkdir(folder, { recursive: true });
  await Promise.all(Object.entries(files).map(([name, text]) => writeFile(join(folder, name), text)));
  return folder;
}

test("a small folder with quirks in its header is read and scored", async (t) => {
  const { code, lines } = await run("usage", "--data", await folderOf(t, FOLDER), "--json");
  assert.equal(code, 0, lines.join("\n"));
  const backtest: UsageBacktest = JSON.parse(lines.join(""));
  const days = backtest.measures[0]?.populations[0]?.days ?? [];
  // February of both, March of the one who has not left.
  assert.deepEqual(
    days.map(({ day, count }) => [day, count]),
    [
      [5, 3],
      [10, 3],
      [15, 3],
      [20, 3],
    ],
  );
});

test("a fault in a file is told with the file and the column, and the command fails", async (t) => {
  const faults: [keyof typeof FOLDER, string, RegExp][] = [
    ["internet.csv", "id,user_id,session_date\n1,1,2024-01-01\n", /internet\.csv: has no column "mb_used"/],
    [
      "calls.csv",
      "id,user_id,call_date,duration\n1,1,2024-01-01,long\n",
      /calls\.csv: line 2, column "duration": "long" is not a number/,
    ],
    [
      "messages.csv",
      "id,user_id,message_date\n1,1,01.02.2024\n",
      /messages\.csv: line 2, column "message_date": "01\.02\.2024" is not a date/,
    ],
    [
      "plans.csv",
      "plan_name,mb_per_month_included,minutes_included,messages_included\nbig,1,1,1\n",
      /users\.csv: line 2, column "plan": plans\.csv has no plan "small"/,
    ],
    ["users.csv", "", /users\.csv: is empty/],
  ];
  for (const [file, text, message] of faults) {
    const { code, lines } = await run("usage", "--data", await folderOf(t, { ...FOLDER, [file]: text }));
    assert.equal(code, 1);
    assert.match(lines.join("\n"), message);
  }
  const { code, lines } = await run(
    "series",
    "--data",
    join(await folderOf(t, { "s.jsonl": '{"train":[1,"x"],"test":[1]}\n' }), "s.jsonl"),
  );
  assert.equal(code, 1);
  assert.match(lines.join("\n"), /s\.jsonl: line 1: "train" holds "x"/);
});

test("a command that is not understood is answered with how it goes", async () => {
  for (const args of [
    [],
    ["usage"],
    ["weather", "--data", "x"],
    ["series", "--data", "x", "--period", "-3"],
    ["usage", "--colour"],
  ]) {
    const { code, lines } = await run(...args);
    assert.equal(code, 2);
    assert.match(lines.join("\n"), /rapport backtest usage +--data FOLDER/);
  }
});

test("on real subscribers the forecast is clearly ahead of the straight line, last month and their blend", {
  skip: absent("megaline"),
}, async () => {
  const { code, lines } = await run("usage", "--data", join(DATA, "megaline"), "--json");
  assert.equal(code, 0);
  const backtest: UsageBacktest = JSON.parse(lines.join(""));
  for (const { populations } of backtest.measures) {
    for (const { day, methods, coverage80, coverage90 } of populations.flatMap(({ days }) => days)) {
      const [forecast, ...baselines] = methods;
      const least = (name: "wape") => Math.min(...baselines.map((scores) => scores[name]));
      assert.ok((forecast?.wape ?? 1) < 0.88 * least("wape"), `WAPE on day ${day}`);
      assert.ok((forecast?.auc ?? 0) > Math.max(...baselines.map(({ auc }) => auc)), `AUC on day ${day}`);
      assert.ok(
        coverage80 > 0.75 && coverage80 < 0.9 && coverage90 > 0.86 && coverage90 < 0.95,
        `intervals on day ${day}`,
      );
    }
  }
});

test("on monthly and daily series the combination is clearly ahead of the naive ones", {
  skip: absent("m3-monthly") || absent("nn5-daily"),
}, async () => {
  for (const [file, most] of [
    ["m3-monthly/series.jsonl", 13.2],
    ["nn5-daily/nn5_daily.jsonl", 20.7],
  ] as const) {
    const { lines } = await run("series", "--data", join(DATA, file), "--json");
    const [forecast, ...naive]: SeriesBacktest["methods"] = JSON.parse(lines.join("")).methods;
    assert.ok(forecast !== undefined && forecast.smape < most, `${file}: sMAPE ${forecast?.smape}`);
    assert.ok(forecast.coverage > 0.92 && forecast.coverage < 0.98, `${file}: coverage ${forecast.coverage}`);
    assert.ok(naive.every((scores) => forecast.mase < 0.85 * scores.mase && forecast.msis < 0.85 * scores.msis));
  }
});
