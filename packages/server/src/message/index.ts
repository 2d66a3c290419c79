export { addressHash } from "./address-hash.ts";
export { hearTouches } from "./hear-touches.ts";
export { messageKey } from "./message-key.ts";
export { openSender, type Rendered, type Sender } from "./sender.ts";
export { type Claimed, countUnsent, hasUnsent, type MessageBody } from "./store.ts";
export { keepEvents, suppress, type Suppression } from "./suppress.ts";
export { compileTemplate } from "./compile.ts";
export { openRenderer, type Renderer, type RenderJob } from "./render.ts";
export type { CompiledTemplate, Content, Template, TemplateFault } from "./template.ts";
