import assert from "node:assert/strict";
import { test } from "node:test";

import { normalisePhone } from "./normalise-phone.ts";

const read: [stated: string, country: string | null, number: string][] = [
  ["+44 20 7946 0958", null, "+442079460958"],
  ["+4402079460958", "US", "+442079460958"],
  ["+44 (0)20 7946 0958", "US", "+442079460958"],
  ["(+44) 20 7946 0958", "US", "+442079460958"],
  ["tel:+44-20-7946-0958", "US", "+442079460958"],
  ["TEL:020-7946-0958;phone-context=+44", "US", "+442079460958"],
  ["sms:+442079460958?body=Hello", null, "+442079460958"],
  ["whatsapp:+447911123456", "US", "+447911123456"],
  ["whatsapp:447911123456", "US", "+447911123456"],
  ["447911123456@s.whatsapp.net", "US", "+447911123456"],
  ["0044 20 7946 0958", "US", "+442079460958"],
  ["+0044 20 7946 0958", "US", "+442079460958"],
  ["011 44 20 7946 0958", "US", "+442079460958"],
  ["447911123456", "US", "+447911123456"],
  ["1-800-FLOWERS", "US", "+18003569377"],
  ["1-800-FLOWERS", "DE", "+18003569377"],
  ["+1 (800) flowers", "DE", "+18003569377"],
  ["020 7946 0958", "GB", "+442079460958"],
  ["2025550143", "US", "+12025550143"],
  ["0171 1234567", "DE", "+491711234567"],
  ["８ (495) 123-45-67", "RU", "+74951234567"],
  ["+44\u200b20\u00ad7946\u202a0958\u202c", "US", "+442079460958"],
  ["+４４２０７９４６０９５８", "US", "+442079460958"],
  ["+39 06 698 12345", "US", "+390669812345"],
  ["+225 07 08 07 08 07", "US", "+2250708070807"],
  ["+1 555 0100 200", null, "+15550100200"],
];
for (const [stated, country, number] of read)
  test(`${JSON.stringify(stated)} said in ${country} is ${number}`, () => {
    assert.equal(normalisePhone(stated, country), number);
    assert.equal(normalisePhone(number, null), number, "read again it is the same");
  });

const refused: [stated: string, country: string | null][] = [
  ["+1312555", "US"],
  ["+1312555", null],
  ["020 7946 0958", null],
  ["020 7946 0958", "US"],
  ["0171 1234567", "US"],
  ["2025550143 ext. 12", "US"],
  ["tel:+442079460958;ext=12", "US"],
  ["0000000000", "US"],
  ["+10000000000", "US"],
  ["5555555555", "US"],
  ["call me maybe", "US"],
  ["4.47912E+11", "GB"],
  ["12345", "US"],
  ["911", "US"],
  ["+999123456789", null],
];
for (const [stated, country] of refused)
  test(`${JSON.stringify(stated)} said in ${country} is nobody's number`, () =>
    assert.equal(normalisePhone(stated, country), null));
