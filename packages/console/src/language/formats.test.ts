import assert from "node:assert/strict";
import { test } from "node:test";

import { formatsOf } from "./formats.ts";

const NOON = Date.UTC(2026, 10, 22, 12, 0, 0);
const HOUR = 3_600_000;
const en = formatsOf("en", "UTC");
const ru = formatsOf("ru", "UTC");
const zh = formatsOf("zh-CN", "UTC");
/** Languages put different spaces between a figure and its unit. */
const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, " ");

test("a usage in megabytes is told in gigabytes where that reads better", () => {
  assert.equal(en.usage(512, "MB"), "512 MB");
  assert.equal(en.usage(15_360, "MB"), "15 GB");
  assert.equal(plain(ru.usage(15_360, "MB")), "15 ГБ");
  assert.equal(en.usage(44.5, "min"), "45 min");
  assert.equal(en.usage(12, ""), "12");
});

test("money has cents while they matter, and thousandths for the price of a letter", () => {
  assert.equal(en.money(321.3, "USD"), "$321");
  assert.equal(en.money(34.743, "USD"), "$34.74");
  assert.equal(en.money(-0.001, "USD"), "-$0.001");
  assert.equal(en.money(2, ""), "2");
});

test("a moment is told as seen from now, and by its date after a week", () => {
  assert.equal(en.ago(NOON - 5_000, NOON), "5 sec. ago");
  assert.equal(en.ago(NOON - 3 * HOUR, NOON), "3 hr. ago");
  assert.equal(en.ago(NOON - 24 * HOUR, NOON), "yesterday");
  assert.equal(en.ago(NOON - 240 * HOUR, NOON), "Nov 12, 2026");
  assert.equal(zh.ago(NOON - 3 * HOUR, NOON), "3小时前");
});

test("a span is told in its largest whole unit", () => {
  assert.equal(en.span(7 * 24 * HOUR), "7 days");
  assert.equal(en.span(90_000), "1.5 minutes");
  assert.equal(plain(ru.span(2 * HOUR)), "2 часа");
});

test("a share is told in whole per cent, and a small one with its tenths", () => {
  assert.equal(en.percent(0.2), "20%");
  assert.equal(en.percent(0.004), "0.4%");
});
