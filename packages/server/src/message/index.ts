export { compileTemplate } from "./compile.ts";
export { openRenderer, type Renderer, type RenderJob } from "./render.ts";
export type { CompiledTemplate, Content, Template, TemplateFault } from "./template.ts";
