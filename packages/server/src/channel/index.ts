export type { Content, Gateway, Handoff, HandoffResult, Hear, InboundTouch } from "./gateway.ts";
