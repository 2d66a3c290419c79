import type {
  Account,
  PasswordChange,
  RecoveryCodes,
  Session,
  SessionList,
  TotpCode,
  TotpOffered,
} from "@rapport/contract/api";
import { useQuery, useQueryClient } from "@tanstack/react-query";

import { ask } from "../hub/ask.ts";
import { makePasskey } from "../hub/passkeys.ts";
import { type Shown, shownOf } from "../hub/shown.ts";
import { sessionQuery } from "../hub/use-session.ts";
import { useConfirmedDeed } from "../ui/use-confirmed-deed.tsx";
import { useDeed } from "../ui/use-deed.ts";

const ACCOUNT = ["account"];

/** One's own account. */
export function useAccount(): Shown<{ account: Account }> {
  const query = useQuery({
    queryKey: ACCOUNT,
    queryFn: ({ signal }) => ask<Account>("/api/account", { signal }),
  });
  return shownOf(query, (account) => ({ account }));
}

/** Where one is signed in. */
export function useOwnSessions(): Shown<SessionList> {
  const query = useQuery({
    queryKey: [...ACCOUNT, "sessions"],
    queryFn: ({ signal }) => ask<SessionList>("/api/account/sessions", { signal }),
  });
  return shownOf(query, (list) => list);
}

export const useEndSession = () =>
  useDeed((sessionId: string) => ask(`/api/account/sessions/${sessionId}`, { method: "DELETE" }), ACCOUNT);
export const useEndOthers = () => useDeed(() => ask("/api/account/sessions", { method: "DELETE" }), ACCOUNT);
export const useChangePassword = () =>
  useDeed((body: PasswordChange) => ask<Session>("/api/account/password", { method: "POST", body }), ACCOUNT);

export const useOfferApp = () => useConfirmedDeed(() => ask<TotpOffered>("/api/account/totp", { method: "POST" }), []);
/** `onDone` before the account is read again: what asked for the code is no longer shown then. */
export const useConfirmApp = (onDone: (codes: readonly string[]) => void) =>
  useConfirmedDeed(async (body: TotpCode) => {
    const { codes } = await ask<RecoveryCodes>("/api/account/totp/confirm", { method: "POST", body });
    onDone(codes);
  }, ACCOUNT);
export const useRemoveApp = () => useConfirmedDeed(() => ask("/api/account/totp", { method: "DELETE" }), ACCOUNT);
export const useAddPasskey = () => useConfirmedDeed(makePasskey, ACCOUNT);
export const useRemovePasskey = () =>
  useConfirmedDeed(
    (passkeyId: string) => ask(`/api/account/passkeys/${encodeURIComponent(passkeyId)}`, { method: "DELETE" }),
    ACCOUNT,
  );
export const useRenewCodes = () =>
  useConfirmedDeed(() => ask<RecoveryCodes>("/api/account/recovery-codes", { method: "POST" }), ACCOUNT);

/** Once a second factor is set up where one is required, the gate looks again, and lets in. */
export function useEnrolled(): () => void {
  const client = useQueryClient();
  return () => void client.invalidateQueries({ queryKey: sessionQuery.queryKey });
}
