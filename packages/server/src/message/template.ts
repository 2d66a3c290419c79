/** What a template is written in. Every text is Liquid; `mjml` is MJML with Liquid in its texts and attributes. */
export type Template =
  | { kind: "email"; subject: string; text: string; mjml: string | null }
  | { kind: "sms"; text: string };

/** A template ready to be filled: MJML is HTML now, Liquid is kept. `id` names this very content. */
export type CompiledTemplate = { id: string } & (
  | { kind: "email"; subject: string; text: string; html: string | null }
  | { kind: "sms"; text: string }
);

/** A filled template, as a gateway takes it. */
export type Content =
  | { kind: "email"; subject: string; text: string; html: string | null }
  | { kind: "sms"; text: string };

/** Why a template cannot be used or filled. Nothing is sent then; the code goes to the message's log. */
export type TemplateFault = {
  kind: "fault";
  code: "template-syntax" | "unknown-variable" | "bad-value" | "over-limit" | "out-of-time" | "out-of-memory";
  message: string;
};
