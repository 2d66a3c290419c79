import { createHash } from "node:crypto";
import { parentPort, workerData } from "node:worker_threads";

import mjml2html from "mjml";

import { templateFiller } from "./fill-template.ts";
import type { CompiledTemplate, Template, TemplateFault } from "./template.ts";

/** Compiles the one template it is started with and ends. Started by `compile.ts` with limits. */
const template: Template = workerData;
parentPort?.postMessage(await compiled(template));

async function compiled(source: Template): Promise<CompiledTemplate | TemplateFault> {
  const id = createHash("sha256").update(JSON.stringify(source)).digest("base64url");
  if (source.kind === "sms") return checked({ id, ...source });

  const { kind, subject, text, mjml } = source;
  if (mjml === null) return checked({ id, kind, subject, text, html: null });
  // MJML's default fonts are loaded from elsewhere, which would tell a stranger who reads what and when: none are.
  const { html, errors } = await mjml2html(mjml, { validationLevel: "soft", ignoreIncludes: true, fonts: {} });
  const [error] = errors;
  if (error) return syntax(`line ${error.line}: ${error.message}`);
  const lost = liquidOf(mjml).find((tag, index) => liquidOf(html)[index] !== tag);
  if (lost) return syntax(`MJML drops ${lost}: put what stands between elements into <mj-raw>`);
  return checked({ id, kind, subject, text, html });
}

/** Liquid outside MJML's texts and attributes vanishes without a word, so what went in is compared with what came out. */
function liquidOf(text: string): string[] {
  return text.match(/\{\{[\s\S]*?\}\}|\{%[\s\S]*?%\}/g) ?? [];
}

function checked(result: CompiledTemplate): CompiledTemplate | TemplateFault {
  return templateFiller().check(result) ?? result;
}

function syntax(message: string): TemplateFault {
  return { kind: "fault", code: "template-syntax", message };
}
