import assert from "node:assert/strict";
import { test } from "node:test";

import { emptyProfile } from "../profile/index.ts";
import { addressesOf, zonesOf } from "./whereabouts.ts";

const aProfile = (traits: Record<string, unknown>) => {
  const profile = emptyProfile("c");
  for (const [name, value] of Object.entries(traits)) profile.traits[name] = { value, at: 0, by: "e" };
  return profile;
};
const smsOf = (traits: Record<string, unknown>, zone = "America/New_York") => addressesOf(aProfile(traits), [zone]).sms;

const numbers: [traits: Record<string, unknown>, zone: string, number: string | undefined][] = [
  [{ phone: "+4402079460958" }, "America/New_York", "+442079460958"],
  [{ phone: 447911123456 }, "America/New_York", "+447911123456"],
  [{ phone: 2025550143 }, "America/New_York", "+12025550143"],
  [{ phone: "020 7946 0958" }, "Europe/London", "+442079460958"],
  [{ phone: "020 7946 0958" }, "America/New_York", undefined],
  [{ phone: "020 7946 0958" }, "UTC", undefined],
  [{ phone: "020 7946 0958", country: "GB" }, "America/New_York", "+442079460958"],
  [{ phone: "020 7946 0958", country: "United Kingdom" }, "America/New_York", "+442079460958"],
  [{ phone: "0171 1234567", address: { country: "Deutschland" } }, "America/New_York", "+491711234567"],
  [{ phone: "2025550143", country: "Atlantis" }, "America/New_York", undefined],
  [{ phone: "+1312555" }, "America/New_York", undefined],
  [{ phone: { number: "+442079460958" } }, "America/New_York", undefined],
];
for (const [traits, zone, number] of numbers)
  test(`${JSON.stringify(traits)}, of a company in ${zone}, is written to at ${number}`, () =>
    assert.equal(smsOf(traits, zone), number));

test("quiet hours go by the country that a number without one was read in", () => {
  assert.deepEqual(zonesOf(aProfile({ phone: "020 7946 0958", country: "UK" }), ["America/New_York"]), [
    "Europe/London",
  ]);
  assert.deepEqual(zonesOf(aProfile({ phone: "tel:+38344123456" }), ["America/New_York"]), ["Europe/Belgrade"]);
});

test("the zone of the device counts where none is stated that can be read", () => {
  const profile = { ...aProfile({ phone: "+442079460958" }), zone: { value: "Asia/Tokyo", at: 0, by: "e" } };
  assert.deepEqual(zonesOf(profile, ["UTC"]), ["Asia/Tokyo"]);
  profile.traits.timezone = { value: "Middle/Earth", at: 1, by: "f" };
  assert.deepEqual(zonesOf(profile, ["UTC"]), ["Asia/Tokyo"]);
  profile.traits.timezone = { value: " Europe/Berlin", at: 1, by: "f" };
  assert.deepEqual(zonesOf(profile, ["UTC"]), ["Europe/Berlin"]);
});

test("mail goes to no address that forms are tried with", () => {
  assert.equal(addressesOf(aProfile({ email: "test@test.com" }), ["UTC"]).email, undefined);
});

test("mail goes to what people see of an address, and to none that looks like another", () => {
  assert.equal(addressesOf(aProfile({ email: "a\u200bnn＠example.com" }), ["UTC"]).email, "ann@example.com");
  assert.equal(addressesOf(aProfile({ email: "аnn@example.com" }), ["UTC"]).email, undefined);
});
