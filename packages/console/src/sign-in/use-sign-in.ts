import type { Claim, Problem, Session, SignIn } from "@rapport/contract/api";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";

import { ask } from "../hub/ask.ts";
import { problemIn } from "../hub/problem.ts";
import { sessionQuery } from "../hub/use-session.ts";

type Entering = { enter: (body: SignIn | Claim) => void; isBusy: boolean; problem: Problem | null };

/** Signs in, and goes to where the person was going. */
export function useSignIn(path: "/api/session" | "/api/session/claim", to: string): Entering {
  const client = useQueryClient();
  const router = useRouter();
  const { mutate, isPending, error } = useMutation({
    mutationFn: (body: SignIn | Claim) => ask<Session>(path, { method: "POST", body }),
    onSuccess: (session) => {
      client.setQueryData(sessionQuery.queryKey, session);
      router.history.replace(ownPath(to));
    },
  });
  return { enter: mutate, isBusy: isPending, problem: error ? problemIn(error) : null };
}

/** Only ways within this console are followed, so that a link cannot lead somebody who signs in elsewhere. */
export function ownPath(to: string): string {
  return /^\/(?![/\\])/.test(to) ? to : "/pulse";
}
