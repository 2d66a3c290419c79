import { NewPasskey, PasskeyOptions, RecoveryCodes, type Session, TotpCode, TotpOffered } from "@rapport/contract/api";
import { Type } from "typebox";

import type { Clock } from "../../platform/clock.ts";
import type { Database } from "../../platform/database.ts";
import type { App } from "../../platform/http/app.ts";
import { Refused } from "../../platform/http/problem.ts";
import type { Audited } from "../audited.ts";
import { readNewPasskey, registrationOptions, type RelyingParty, relyingParty } from "../second-factor/passkeys.ts";
import {
  confirmTotp,
  countRecoveryCodes,
  deletePasskey,
  deleteTotp,
  insertPasskey,
  listPasskeys,
  offerTotp,
  replaceRecoveryCodes,
} from "../second-factor/store.ts";
import { newTotpSecret, sealTotp, tellTotp } from "../second-factor/totp.ts";
import type { SignIns } from "../sign-in.ts";
import { confirmedActor } from "./own-actor.ts";

type Parts = {
  db: Database;
  clock: Clock;
  secret: string;
  signIns: SignIns;
  company: Session["company"];
  publicUrl: string;
  audit: Audited;
};

const own = { access: { kind: "staff", role: "viewer", scope: null, evenUnenrolled: true } } as const;

/** A colleague's second factors: an authenticator app, passkeys, and recovery codes for when neither is at hand. */
export function secondFactorRoutes(app: App, { db, clock, secret, signIns, company, publicUrl, audit }: Parts): void {
  const { factors } = signIns;
  app.post("/api/account/totp", { config: own, schema: { response: { 200: TotpOffered } } }, async (request) => {
    const { staff } = confirmedActor(request, clock.now());
    const totp = newTotpSecret();
    if (!(await offerTotp(db, staff.staffId, sealTotp(secret, staff.staffId, totp))))
      throw new Refused("second-factor/present", "an authenticator app is set up already: remove it first");
    return tellTotp(totp, company.name, staff.email);
  });
  app.post(
    "/api/account/totp/confirm",
    { config: own, schema: { body: TotpCode, response: { 200: RecoveryCodes } } },
    async (request) => {
      const { staff } = confirmedActor(request, clock.now());
      await signIns.tries.ofProof(staff.staffId);
      if (!(await factors.useTotp(staff.staffId, request.body.code.replace(/\s/g, ""))))
        throw new Refused("second-factor/wrong-code", "this is not the code that the app shows now");
      if (!(await confirmTotp(db, staff.staffId, new Date(clock.now()))))
        throw new Refused("second-factor/present", "an authenticator app is set up already");
      await audit(request, "account.app-added", staff.staffId);
      return { codes: await codesIfNone(staff.staffId) };
    },
  );
  app.delete("/api/account/totp", { config: own }, async (request, reply) => {
    const { staff } = confirmedActor(request, clock.now());
    if (!(await deleteTotp(db, staff.staffId)))
      throw new Refused("second-factor/not-found", "there is no authenticator app");
    await audit(request, "account.app-removed", staff.staffId);
    await forgetCodesOfNothing(staff.staffId);
    return reply.status(204).send();
  });
  app.post(
    "/api/account/recovery-codes",
    { config: own, schema: { response: { 200: RecoveryCodes } } },
    async (request) => {
      const { staff } = confirmedActor(request, clock.now());
      if ((await factors.waysOf(staff.staffId)).length === 0)
        throw new Refused("second-factor/not-found", "set up an authenticator app or a passkey first");
      const codes = await factors.renewRecoveryCodes(staff.staffId);
      await audit(request, "account.recovery-codes-renewed", staff.staffId);
      return { codes };
    },
  );

  app.post(
    "/api/account/passkeys/options",
    { config: own, schema: { response: { 200: PasskeyOptions } } },
    async (request) => {
      const { staff } = confirmedActor(request, clock.now());
      const known = await listPasskeys(db, staff.staffId);
      const options = await registrationOptions(partyOrRefuse(), company.name, staff, known);
      return { pending: await signIns.openChallenge("new-passkey", staff.staffId, options.challenge), options };
    },
  );
  app.post(
    "/api/account/passkeys",
    { config: own, schema: { body: NewPasskey, response: { 200: RecoveryCodes } } },
    async (request) => {
      const { staff } = confirmedActor(request, clock.now());
      const { pending, name, answer } = request.body;
      const challenge = await signIns.takeChallenge(pending, staff.staffId);
      const made = challenge ? await readNewPasskey(partyOrRefuse(), challenge, answer) : null;
      const row = { staffId: staff.staffId, name, createdAt: new Date(clock.now()) };
      if (!made || !(await insertPasskey(db, { ...made, ...row })))
        throw new Refused("passkey/not-made", "this passkey could not be kept: try again (there may be ten)");
      await audit(request, "account.passkey-added", staff.staffId, { name });
      return { codes: await codesIfNone(staff.staffId) };
    },
  );
  app.delete(
    "/api/account/passkeys/:passkeyId",
    { config: own, schema: { params: Type.Object({ passkeyId: Type.String({ maxLength: 1_400 }) }) } },
    async (request, reply) => {
      const { staff } = confirmedActor(request, clock.now());
      if (!(await deletePasskey(db, staff.staffId, request.params.passkeyId)))
        throw new Refused("second-factor/not-found", "there is no such passkey");
      await audit(request, "account.passkey-removed", staff.staffId);
      await forgetCodesOfNothing(staff.staffId);
      return reply.status(204).send();
    },
  );

  function partyOrRefuse(): RelyingParty {
    const party = relyingParty(publicUrl);
    if (!party) throw new Refused("passkey/impossible", "passkeys need a PUBLIC_URL with https and a name");
    return party;
  }

  async function codesIfNone(staffId: string): Promise<string[]> {
    return (await countRecoveryCodes(db, staffId)) > 0 ? [] : factors.renewRecoveryCodes(staffId);
  }

  /** Recovery codes stand in for something: with the last of it they go. */
  async function forgetCodesOfNothing(staffId: string): Promise<void> {
    if ((await factors.waysOf(staffId)).length === 0) await replaceRecoveryCodes(db, staffId, []);
  }
}
