// Every shape of the HTTP API, by the room that answers it.
export type { Title } from "./api-shapes.ts";
export * from "./problem.ts";
export * from "./access-api.ts";
export * from "./report-api.ts";
export * from "./customer-api.ts";
export * from "./decision-api.ts";
export * from "./message-api.ts";
