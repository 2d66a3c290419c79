import assert from "node:assert/strict";
import { after, test } from "node:test";

import { smsSegments } from "@rapport/engine/message/sms-segments";

import { compileTemplate } from "./compile.ts";
import { openRenderer } from "./render.ts";
import type { CompiledTemplate, Content, Template, TemplateFault } from "./template.ts";

const renderer = openRenderer({ jobMs: 300, memoryMb: 64 });
after(() => renderer.close());

async function compiled(template: Template): Promise<CompiledTemplate> {
  const result = await compileTemplate(template);
  assert.notEqual(result.kind, "fault", JSON.stringify(result));
  return result as CompiledTemplate;
}

/** A text that reached the renderer without being checked, as a hostile or changed one may. */
function unchecked(text: string): CompiledTemplate {
  return { id: text, kind: "sms", text };
}

async function filled(
  text: string,
  data: Record<string, unknown> = {},
  locale = "en",
): Promise<Content | TemplateFault> {
  const [result] = await renderer.render([{ template: unchecked(text), locale, data }]);
  assert.ok(result);
  return result;
}

const textOf = (result: Content | TemplateFault) => (result.kind === "fault" ? result : result.text);
const codeOf = (result: Content | TemplateFault) => (result.kind === "fault" ? result.code : result.text);

const mjml = `<mjml><mj-body><mj-section><mj-column>
  <mj-text>Dear {{ customer.name }}, {% if gb > 1 %}{{ gb | number: 1 }} GB{% endif %}</mj-text>
  <mj-button href="https://example.org/?c={{ customer.name | url_encode }}">Go</mj-button>
</mj-column></mj-section></mj-body></mjml>`;

test("an e-mail is MJML made HTML once and filled for each customer", async () => {
  const template = await compiled({
    kind: "email",
    subject: "For {{ customer.name }}",
    text: "Hi {{ customer.name }}",
    mjml,
  });
  const job = { template, locale: "de", data: { customer: { name: "Ann" }, gb: 1234.56 } };
  const [first, second] = await renderer.render([job, { ...job, data: { customer: { name: "Bob" }, gb: 0 } }]);

  assert.ok(first?.kind === "email" && second?.kind === "email");
  assert.deepEqual([first.subject, first.text], ["For Ann", "Hi Ann"]);
  assert.match(first.html ?? "", /Dear Ann, 1\.234,6 GB/);
  assert.match(second.html ?? "", /Dear Bob, </);
});

test("what a customer wrote is text in HTML, whatever the template asks", async () => {
  const hostile = `<img src=x onerror=alert(1)>"'&`;
  const source = `<mjml><mj-body><mj-section><mj-column><mj-text>{{ name }}|{{ name | raw }}|{% assign n = name %}{{ n }}</mj-text></mj-column></mj-section></mj-body></mjml>`;
  const template = await compiled({
    kind: "email",
    subject: "{{ name }}\n{{ name }}",
    text: "{{ name }}",
    mjml: source,
  });
  const [result] = await renderer.render([{ template, locale: "en", data: { name: `${hostile}\r\nBcc: x` } }]);

  assert.ok(result?.kind === "email");
  assert.ok(!result.html?.includes("<img"), result.html ?? "");
  assert.equal(result.html?.split("&lt;img src=x onerror=alert(1)&gt;").length, 4);
  assert.ok(!/[\r\n]/.test(result.subject));
});

test("template syntax in a customer's data is put out as it stands", async () => {
  const syntaxes = ["{{ secret }}", "{% raw %}", "{{ '1' | times: 2 }}", "{% assign secret = 1 %}"];
  for (const name of syntaxes) {
    assert.equal(textOf(await filled("{% capture c %}{{ name }}{% endcapture %}{{ c }}", { name, secret: "s" })), name);
  }
});

const refused: [what: string, text: string, code: TemplateFault["code"] | RegExp][] = [
  ["an unknown variable", "{{ nobody }}", "unknown-variable"],
  ["an unknown field", "{{ customer.nothing }}", "unknown-variable"],
  ["an unknown filter", "{{ customer.name | shout }}", "template-syntax"],
  ["an include", "{% include '/etc/passwd' %}", "template-syntax"],
  ["a render", "{% render '/etc/passwd' %}", "template-syntax"],
  ["a layout", "{% layout '/etc/passwd' %}", "template-syntax"],
  ["a walk to the constructor", '{{ "".constructor.constructor("return process")() }}', "template-syntax"],
  ["a constructor of a value", "{{ customer.constructor.name }}", "unknown-variable"],
  ["a prototype", "{{ customer.__proto__.polluted }}", "unknown-variable"],
  ["an assigned prototype", "{% assign p = customer.__proto__ %}{{ p.x }}", "unknown-variable"],
  ["a filter named constructor", "{{ customer.name | constructor }}", "template-syntax"],
  ["the environment", "{{ process.env.PATH }}", "unknown-variable"],
  ["a huge loop", "{% for i in (1..999999999) %}x{% endfor %}", "over-limit"],
  ["loops in loops over nothing", `${"{% for i in (1..999) %}".repeat(4)}${"{% endfor %}".repeat(4)}`, "over-limit"],
  [
    "a text that doubles itself",
    `{% assign s = "xxxxxxxxxxxxxxxx" %}${"{% assign s = s | append: s %}".repeat(40)}`,
    "over-limit",
  ],
];
for (const [what, text, code] of refused) {
  test(`${what} is a fault and nothing is put out`, async () => {
    assert.equal(codeOf(await filled(text, { customer: { name: "Ann" } })), code);
  });
}

test("an unknown variable may be asked about or given a default", async () => {
  assert.equal(textOf(await filled('{{ nobody | default: "you" }}{% if nobody %}!{% endif %}')), "you");
});

const items = [{ kind: "a", price: 1 }, { kind: "b" }, { price: 3 }];
const asLiquidSays: [template: string, text: string][] = [
  ['{{ nobody | default: none | default: "you" }}', "you"],
  ['{{ nobody | upcase | default: "you" }}', "you"],
  ['{{ nothing | default: "you" }},{{ empty_text | default: "you" }},{{ spaces | default: "you" }}', "you,you,you"],
  ['{{ no | default: "you" }},{{ no | default: "you", allow_false: true }}', "you,false"],
  ['{% assign who = nobody %}{{ who | default: "you" }}', "you"],
  ["{% for i in nobody %}{{ i }}{% else %}none{% endfor %}", "none"],
  ["{% for i in nothing %}{{ i }}{% else %}none{% endfor %}", "none"],
  ["{% tablerow i in nobody %}{{ i }}{% endtablerow %}", ""],
  ['{{ items | where: "price" | size }},{{ items | where: "kind", "a" | size }}', "2,1"],
  ['{% assign i = items | find: "price", 3 %}{{ i.price }},{{ items | has: "price", 4 }}', "3,false"],
  ['{% assign i = items | find: "colour", "red" %}{{ i }}', ""],
  ['{{ items | where_exp: "i", "i.price > 1" | size }}', "1"],
  ['{{ items | group_by: "kind" | size }},{{ items | map: "kind" | join: "-" }}', "3,a-b-"],
  ["{{ items[9] }}{{ none_of_it.first }}{{ none_of_it.last }}", ""],
];
for (const [template, text] of asLiquidSays) {
  test(`${template} is filled as Liquid says`, async () => {
    const data = { items, nothing: null, empty_text: "", spaces: "  ", no: false, none_of_it: [] };
    assert.equal(textOf(await filled(template, data)), text);
  });
}

test("a name that stays unknown is a fault, whatever it was assigned to or given as", async () => {
  for (const text of ["{% assign a = nobody %}{{ a }}", "{{ nobody | default: nobody_else }}", "{{ nobody | upcase }}"])
    assert.equal(codeOf(await filled(text)), "unknown-variable", text);
});

test("a price that is missing or no number stops its message, and says why", async () => {
  for (const price of [null, "", "  ", "abc", "1,5", true, [], {}])
    for (const filter of ["money", "number"]) {
      const result = await filled(`{{ price | ${filter} }}`, { price });
      assert.ok(result.kind === "fault" && result.code === "bad-value" && result.message.includes(filter));
    }
  assert.equal(textOf(await filled("{{ price | money }} {{ price | number: 1 }}", { price: "12.5" })), "$12.50 12.5");
});

test("money, numbers and times keep an SMS in GSM-7 where its language does", async () => {
  const text = '{{ 1234.5 | money: "EUR" }} {{ 1234.5 | number: 1 }} {{ "2026-03-05T15:00:00Z" | date: "%X" }}';
  for (const locale of ["en", "de", "fr", "es", "it", "nl", "sv", "fi", "pt", "nb"]) {
    const result = String(textOf(await filled(text, {}, locale)));
    assert.equal(smsSegments(result).alphabet, "gsm7", `${locale}: ${result}`);
  }
  assert.match(String(textOf(await filled('{{ 5 | money: "PLN" }}', {}, "pl"))), /^5,00 PLN$/);
  assert.match(String(textOf(await filled('{{ 5 | money: "RUB" }}', {}, "ru"))), /^5,00 ₽$/);
});

/** Limits below Liquid's own stand in for a filter that Liquid's limits do not see. */
const hang = `${"{% for i in (1..999) %}".repeat(4)}${"{% endfor %}".repeat(4)}`;
const large = Array.from({ length: 60 }, () => "x".repeat(1_000_000));

const lonely: [what: string, limits: { jobMs: number; memoryMb: number }, job: string, ends: string][] = [
  ["hangs", { jobMs: 40, memoryMb: 64 }, hang, "out-of-time"],
  ["eats the memory", { jobMs: 10_000, memoryMb: 24 }, "{{ large | size }}", "out-of-memory"],
];
for (const [what, limits, job, ends] of lonely) {
  test(`a job that ${what} ends alone: the others of its batch are filled`, async () => {
    const strict = openRenderer(limits);
    const jobs = ["a{{ n }}", job, "b{{ n }}"].map((text, n) => ({
      template: unchecked(text),
      locale: "en",
      data: text.includes("large") ? { large } : { n },
    }));

    const results = await strict.render(jobs);
    await strict.close();

    assert.deepEqual(results.map(codeOf), ["a0", ends, "b2"]);
  });
}

test("a template that cannot be parsed is refused when it is compiled", async () => {
  const result = await compileTemplate({ kind: "sms", text: "{% if x %}" });
  assert.ok(result.kind === "fault" && result.code === "template-syntax", JSON.stringify(result));
});

test("Liquid that MJML would drop without a word is refused", async () => {
  const lost = `<mjml><mj-body><mj-section><mj-column>{% if x %}<mj-text>a</mj-text>{% endif %}</mj-column></mj-section></mj-body></mjml>`;
  const result = await compileTemplate({ kind: "email", subject: "s", text: "t", mjml: lost });
  assert.ok(result.kind === "fault" && /mj-raw/.test(result.message), JSON.stringify(result));
});

test("MJML reads no file", async () => {
  const source = `<mjml><mj-body><mj-include path="/etc/passwd" /></mj-body></mjml>`;
  const result = await compileTemplate({ kind: "email", subject: "s", text: "t", mjml: source });
  assert.ok(!JSON.stringify(result).includes("root:"));
});
