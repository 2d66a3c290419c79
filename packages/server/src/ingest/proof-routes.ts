import { VisitorProof, VisitorProofChange } from "@rapport/contract/api";
import type { FastifyRequest } from "fastify";

import { appendAudit } from "../access/index.ts";
import type { Clock } from "../platform/clock.ts";
import type { Database } from "../platform/database.ts";
import type { App } from "../platform/http/app.ts";
import type { ProofKeeper, ProofSettings } from "./proof-settings.ts";
import { tokenSecretOf } from "./user-proof.ts";

type Parts = { db: Database; clock: Clock; proofs: ProofKeeper };
const admin = { access: { kind: "staff", role: "admin", scope: "admin" } } as const;

const shown = ({ secrets, required }: ProofSettings): VisitorProof => ({
  secrets: secrets.map((one) => ({ ...one, tokenSecret: tokenSecretOf(one.secret) })),
  required,
});

/** By what visitors of the company's pages prove who they are: seen, renewed, required. */
export function proofRoutes(app: App, { db, clock, proofs }: Parts): void {
  const audit = (request: FastifyRequest, action: string, detail: unknown) =>
    appendAudit(db, {
      at: new Date(clock.now()),
      actor: request.actor?.name ?? "",
      action,
      subject: "visitor-proof",
      detail,
    });

  app.get("/api/visitor-proof", { config: admin, schema: { response: { 200: VisitorProof } } }, async () =>
    shown(await proofs.settings()),
  );
  app.post(
    "/api/visitor-proof/renew",
    { config: admin, schema: { response: { 200: VisitorProof } } },
    async (request) => {
      const settings = await proofs.renew();
      await audit(request, "visitor-proof.renewed", {});
      return shown(settings);
    },
  );
  app.patch(
    "/api/visitor-proof",
    { config: admin, schema: { body: VisitorProofChange, response: { 200: VisitorProof } } },
    async (request) => {
      const before = await proofs.settings();
      const settings = await proofs.require(request.body.required);
      if (before.required !== settings.required) await audit(request, "visitor-proof.changed", request.body);
      return shown(settings);
    },
  );
}
