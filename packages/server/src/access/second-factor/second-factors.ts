import type { Clock } from "../../platform/clock.ts";
import type { Database } from "../../platform/database.ts";
import { newRecoveryCodes, recoveryCodeHash } from "./recovery-codes.ts";
import {
  countRecoveryCodes,
  findTotp,
  listPasskeys,
  replaceRecoveryCodes,
  takeRecoveryCode,
  useTotpStep,
} from "./store.ts";
import { openTotp, totpStep } from "./totp.ts";

export type Way = "code" | "passkey" | "recovery-code";

/** What a colleague can prove to be one by, besides the password. */
export function openSecondFactors(db: Database, clock: Clock, secret: string) {
  return {
    /** None: the password is enough. */
    async waysOf(staffId: string): Promise<Way[]> {
      const [totp, passkeys, codes] = await Promise.all([
        findTotp(db, staffId),
        listPasskeys(db, staffId),
        countRecoveryCodes(db, staffId),
      ]);
      const ways: Way[] = [];
      if (totp?.confirmedAt) ways.push("code");
      if (passkeys.length > 0) ways.push("passkey");
      if (ways.length > 0 && codes > 0) ways.push("recovery-code");
      return ways;
    },

    /** Uses up a code of the app; one that is still to be confirmed counts too. */
    async useTotp(staffId: string, code: string): Promise<boolean> {
      const totp = await findTotp(db, staffId);
      if (!totp) return false;
      const step = totpStep(openTotp(secret, staffId, totp.secret), code, clock.now());
      return step !== null && (await useTotpStep(db, staffId, step));
    },

    /** Uses up whatever was typed: six digits are the app's, anything else is a recovery code. */
    async useCode(staffId: string, typed: string): Promise<boolean> {
      const digits = typed.replace(/\s/g, "");
      if (!/^\d{6}$/.test(digits)) return takeRecoveryCode(db, staffId, recoveryCodeHash(secret, staffId, typed));
      const totp = await findTotp(db, staffId);
      return totp?.confirmedAt ? this.useTotp(staffId, digits) : false;
    },

    /** Ten new ones in the place of all before, told this once. */
    async renewRecoveryCodes(staffId: string): Promise<string[]> {
      const codes = newRecoveryCodes();
      await replaceRecoveryCodes(
        db,
        staffId,
        codes.map((code) => recoveryCodeHash(secret, staffId, code)),
      );
      return codes;
    },
  };
}

export type SecondFactors = ReturnType<typeof openSecondFactors>;
