export { readPulse } from "./pulse.ts";
export { reportRoutes } from "./routes.ts";
