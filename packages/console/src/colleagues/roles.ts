import type { Role } from "@rapport/contract/api";

/** From the one who may do most. */
export const ROLES = ["admin", "manager", "agent", "viewer"] as const satisfies Role[];
