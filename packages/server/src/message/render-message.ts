import { CONFIRM_ANSWER } from "@rapport/engine/loop/index";
import { chooseLocale } from "@rapport/engine/message/choose-locale";
import type { PackFile } from "@rapport/contract/pack-file";

import { compileTemplate } from "./compile.ts";
import { ownWords } from "./own-words.ts";
import { openRenderer } from "./render.ts";
import type { Rendered } from "./sender-parts.ts";
import type { Claimed } from "./store.ts";
import type { CompiledTemplate, Template, TemplateFault } from "./template.ts";

type Words = readonly PackFile["messages"][];

export type MessageRenderer = { render(message: Claimed): Promise<Rendered>; close(): Promise<void> };

/** The words of a message that was sent to this customer before; null when they are not kept. */
type SaidBefore = (customerId: string, messageId: string) => Promise<string | null>;

/** Fills a message's template in the customer's language, in a thread that a hostile template cannot leave. */
export function openMessageRenderer(
  words: () => Words,
  company: { locale: string; name: string },
  saidBefore: SaidBefore,
): MessageRenderer {
  const renderer = openRenderer();
  const compiled = new Map<Template, Promise<CompiledTemplate | TemplateFault>>();

  return {
    async render(message) {
      const { body, channel } = message;
      if (body.kind === "direct") return directContent(message);
      const found = findTemplate(words(), body.template, channel, [body.locale, company.locale, "en"]);
      if (!found) return { kind: "fault", reason: `there is no template "${body.template}" for ${channel}` };
      const template = await compileOnce(found.template);
      if (template.kind === "fault") return { kind: "fault", reason: `${template.code}: ${template.message}` };
      const data = { ...body.variables, ...(await offered(message)), company: { name: company.name } };
      const [content] = await renderer.render([{ template, locale: found.locale, data }]);
      if (!content || content.kind === "fault")
        return { kind: "fault", reason: content ? `${content.code}: ${content.message}` : "nothing came back" };
      return { kind: "rendered", content };
    },
    close: () => renderer.close(),
  };

  /** What asks again about an offer says the offer's words. */
  async function offered({ body, customerId }: Claimed): Promise<{ offer?: { text: string } }> {
    if (body.kind === "direct" || body.policy !== null || body.template !== CONFIRM_ANSWER) return {};
    const { messageId } = body.variables.offer as { messageId: string };
    return { offer: { text: (await saidBefore(customerId, messageId)) ?? "" } };
  }

  function compileOnce(template: Template): Promise<CompiledTemplate | TemplateFault> {
    const known = compiled.get(template);
    if (known !== undefined) return known;
    const fresh = compileTemplate(template);
    compiled.set(template, fresh);
    return fresh;
  }
}

function directContent({ body, channel }: Claimed): Rendered {
  if (body.kind !== "direct") return { kind: "fault", reason: "not written by a person" };
  const { subject, text } = body;
  return {
    kind: "rendered",
    content: channel === "sms" ? { kind: "sms", text } : { kind: "email", subject: subject ?? "", text, html: null },
  };
}

const templates = new WeakMap<object, Template>();

/** The words of a template in the best of the wanted locales, the same object each time. */
function findTemplate(
  all: Words,
  name: string,
  channel: "email" | "sms",
  wanted: string[],
): { template: Template; locale: string } | null {
  for (const words of [...all, ownWords]) {
    const versions = words[name]?.[channel];
    const locale = versions && chooseLocale(wanted, Object.keys(versions));
    const version = locale ? versions[locale] : undefined;
    if (!version || !locale) continue;
    const known = templates.get(version);
    const template = known ?? templateOf(version as { subject?: string; text: string; mjml?: string });
    templates.set(version, template);
    return { template, locale };
  }
  return null;
}

function templateOf({ subject, text, mjml }: { subject?: string; text: string; mjml?: string }): Template {
  return subject === undefined ? { kind: "sms", text } : { kind: "email", subject, text, mjml: mjml ?? null };
}
