import { isIP } from "node:net";
import {
  type AuthenticationResponseJSON,
  generateAuthenticationOptions,
  generateRegistrationOptions,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  type RegistrationResponseJSON,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from "@simplewebauthn/server";
import type { Staff } from "@rapport/contract/api";

import type { PasskeyRow } from "./store.ts";

export type Answer = Record<string, unknown>;

/** Where passkeys hold: a browser binds each to the name it was made at, and makes none for a bare address or in clear. */
export type RelyingParty = { id: string; origin: string };
export function relyingParty(publicUrl: string): RelyingParty | null {
  const { hostname, origin, protocol } = new URL(publicUrl);
  const isSafe = protocol === "https:" || hostname === "localhost";
  return isSafe && isIP(hostname.replace(/^\[(.*)\]$/, "$1")) === 0 ? { id: hostname, origin } : null;
}

/** What the browser makes a passkey from, and later proves one by. */
export const registrationOptions = (
  party: RelyingParty,
  company: string,
  staff: Staff,
  known: PasskeyRow[],
): Promise<PublicKeyCredentialCreationOptionsJSON> =>
  generateRegistrationOptions({
    rpID: party.id,
    rpName: company,
    userName: staff.email,
    userDisplayName: staff.name,
    userID: Uint8Array.from(Buffer.from(staff.staffId)),
    attestationType: "none",
    excludeCredentials: known.map((one) => ({ id: one.passkeyId })),
    authenticatorSelection: { residentKey: "preferred", userVerification: "preferred" },
  });

export const authenticationOptions = (
  party: RelyingParty,
  known: PasskeyRow[] | null,
): Promise<PublicKeyCredentialRequestOptionsJSON> =>
  generateAuthenticationOptions({
    rpID: party.id,
    userVerification: known ? "preferred" : "required",
    ...(known ? { allowCredentials: known.map((one) => ({ id: one.passkeyId })) } : {}),
  });

export type NewPasskey = Pick<PasskeyRow, "passkeyId" | "publicKey" | "counter" | "transports">;

/** The passkey that a browser made for this challenge; null for anything else. */
export async function readNewPasskey(
  party: RelyingParty,
  challenge: string,
  answer: Answer,
): Promise<NewPasskey | null> {
  try {
    const { registrationInfo } = await verifyRegistrationResponse({
      response: answer as unknown as RegistrationResponseJSON,
      expectedChallenge: challenge,
      expectedOrigin: party.origin,
      expectedRPID: party.id,
      requireUserVerification: false,
    });
    if (!registrationInfo) return null;
    const { id, publicKey, counter, transports = [] } = registrationInfo.credential;
    return { passkeyId: id, publicKey: Buffer.from(publicKey), counter, transports: transports.slice(0, 10) };
  } catch {
    // Whatever the library finds wrong with what a stranger sent.
    return null;
  }
}

/** The counter after a passkey has signed this challenge; null when it has not. Alone it must also have seen its holder. */
export async function provesPasskey(
  party: RelyingParty,
  asked: { challenge: string; passkey: PasskeyRow; answer: Answer; alone: boolean },
): Promise<number | null> {
  const { passkeyId, publicKey, counter } = asked.passkey;
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: asked.answer as unknown as AuthenticationResponseJSON,
      expectedChallenge: asked.challenge,
      expectedOrigin: party.origin,
      expectedRPID: party.id,
      credential: { id: passkeyId, publicKey: Uint8Array.from(publicKey), counter },
      requireUserVerification: asked.alone,
    });
    return verified ? authenticationInfo.newCounter : null;
  } catch {
    return null;
  }
}
