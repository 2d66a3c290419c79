export { customerRoutes } from "./routes.ts";
export { findCustomer } from "./store.ts";
