import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { offsetAt } from "./zone.ts";
import { zonesOf } from "./zones-of.ts";

const ofPhone = (phone: string) => zonesOf({ zone: null, country: null, phone }, ["UTC"]);

const cases: [phone: string, what: string, zones: string[]][] = [
  ["+12125550123", "the United States", ["America/New_York", "America/Phoenix", "Pacific/Honolulu"]],
  ["+14165550123", "Canada", ["America/Toronto", "America/St_Johns", "America/Vancouver"]],
  ["+79161234567", "Russia", ["Europe/Kaliningrad", "Europe/Moscow", "Asia/Kamchatka"]],
  ["+77012345678", "Kazakhstan", ["Asia/Almaty", "Asia/Oral"]],
  ["+5511961234567", "Brazil", ["America/Sao_Paulo", "America/Rio_Branco", "America/Noronha"]],
  ["+61412345678", "Australia", ["Australia/Perth", "Australia/Sydney", "Australia/Lord_Howe"]],
  ["+18005550123", "any country of the North American plan", ["America/New_York", "America/Toronto", "Pacific/Guam"]],
  ["+441481000000", "an impossible number of the British plan", ["Europe/London", "Europe/Jersey"]],
  ["+24762889", "Ascension", ["Atlantic/St_Helena"]],
];
for (const [phone, what, wanted] of cases) {
  test(`a number of ${what} may be in each of its zones`, () => {
    const zones = ofPhone(phone);
    for (const zone of wanted) assert.ok(zones.includes(zone), `${zone} of ${zones}`);
  });
}

test("the country of the address counts beside that of the phone", () => {
  const zones = zonesOf({ zone: null, country: "jp", phone: "+12125550123" }, ["UTC"]);
  assert.ok(zones.includes("Asia/Tokyo") && zones.includes("America/New_York"));
});

test("a number of no country at all, or none, leaves the company's own zone", () => {
  for (const phone of ["+80012345678", "nonsense", ""]) assert.deepEqual(ofPhone(phone), ["UTC"]);
});

const phones = join(process.env.RAPPORT_DATA ?? join(import.meta.dirname, "../../../../../shared/data"), "phone");

test("example numbers of all regions: each zone that libphonenumber knows for one is among its zones, by its clock", {
  skip: existsSync(phones) ? false : `${phones} is absent (set RAPPORT_DATA)`,
}, (t) => {
  const byPrefix = new Map(
    readFileSync(join(phones, "timezones_map_data.txt"), "utf8")
      .split("\n")
      .filter((line) => /^\d+\|/.test(line))
      .map((line) => [line.split("|")[0] ?? "", (line.split("|")[1] ?? "").split("&")]),
  );
  const known = (phone: string): string[] => {
    for (let length = phone.length; length > 1; length--) {
      const zones = byPrefix.get(phone.slice(1, length));
      if (zones) return zones;
    }
    return [];
  };
  const clock = (zone: string) => [1, 7].map((m) => offsetAt(zone, Date.UTC(2026, m, 15)).offsetMs).join();
  const examples: { e164: string; region: string; type: string }[] = JSON.parse(
    readFileSync(join(phones, "example_numbers.json"), "utf8"),
  );
  const missed = examples.filter(({ e164 }) => {
    const clocks = new Set(ofPhone(e164).map(clock));
    return known(e164).some((zone) => zone !== "Etc/Unknown" && !clocks.has(clock(zone)));
  });
  const regions = [...new Set(missed.map(({ region }) => region))];
  t.diagnostic(`${examples.length - missed.length} of ${examples.length} numbers; others in ${regions.join(" ")}`);
  assert.ok(missed.length <= 30, JSON.stringify(missed.slice(0, 50)));
});
