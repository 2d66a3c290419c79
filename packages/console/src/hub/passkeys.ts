import {
  browserSupportsWebAuthn,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  startAuthentication,
  startRegistration,
} from "@simplewebauthn/browser";
import type {
  NewPasskey,
  PasskeyAsked,
  PasskeyOptions,
  PasskeyProof,
  RecoveryCodes,
  Session,
} from "@rapport/contract/api";

import { ask } from "./ask.ts";
import { HubProblem } from "./problem.ts";

export const passkeysKnown = browserSupportsWebAuthn;

/** Signs in by a passkey: alone, or as the second step of `pending`. */
export async function signInByPasskey(pending: string | null): Promise<Session> {
  const asked: PasskeyAsked = pending ? { pending } : {};
  const given = await ask<PasskeyOptions>("/api/session/passkey/options", { method: "POST", body: asked });
  const answer = await fromDevice(() =>
    startAuthentication({ optionsJSON: given.options as PublicKeyCredentialRequestOptionsJSON }),
  );
  const body: PasskeyProof = { pending: given.pending, answer };
  return ask<Session>("/api/session/passkey", { method: "POST", body });
}

/** Has the browser make a passkey for who is signed in. */
export async function makePasskey(name: string): Promise<RecoveryCodes> {
  const given = await ask<PasskeyOptions>("/api/account/passkeys/options", { method: "POST" });
  const answer = await fromDevice(() =>
    startRegistration({ optionsJSON: given.options as PublicKeyCredentialCreationOptionsJSON }),
  );
  const body: NewPasskey = { pending: given.pending, name, answer };
  return ask<RecoveryCodes>("/api/account/passkeys", { method: "POST", body });
}

/** What the device did; whoever turns away from it, and a device that cannot, are one and the same to the browser. */
async function fromDevice(does: () => Promise<object>): Promise<Record<string, unknown>> {
  try {
    return Object.fromEntries(Object.entries(await does()));
  } catch (fault) {
    const title = fault instanceof Error ? fault.message : String(fault);
    throw new HubProblem({ type: "passkey/turned-away", title, status: 400 });
  }
}
