import type { Claim, Problem, SecondFactorAsked, Session, SignIn, SignInCode } from "@rapport/contract/api";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { useState } from "react";

import { ask } from "../hub/ask.ts";
import { signInByPasskey } from "../hub/passkeys.ts";
import { problemIn } from "../hub/problem.ts";
import { sessionQuery } from "../hub/use-session.ts";

type Way =
  | { by: "password"; body: SignIn }
  | { by: "link"; body: Claim }
  | { by: "code"; body: SignInCode }
  | { by: "passkey"; pending: string | null };

export type Entering = {
  enter: (way: Way) => void;
  isBusy: boolean;
  problem: Problem | null;
  /** What the hub asks for after the password; null before, and for who has no second factor. */
  asked: SecondFactorAsked | null;
  startOver: () => void;
};

const PATHS = { password: "/api/session", link: "/api/session/claim", code: "/api/session/code" } as const;

/** Signs in, in one step or two, and goes to where the person was going. */
export function useSignIn(to: string): Entering {
  const client = useQueryClient();
  const router = useRouter();
  const [asked, setAsked] = useState<SecondFactorAsked | null>(null);
  const { mutate, isPending, error, reset } = useMutation({
    mutationFn: (way: Way): Promise<Session | SecondFactorAsked> =>
      way.by === "passkey" ? signInByPasskey(way.pending) : ask(PATHS[way.by], { method: "POST", body: way.body }),
    onSuccess: (answer) => {
      if ("pending" in answer) return setAsked(answer);
      client.setQueryData(sessionQuery.queryKey, answer);
      router.history.replace(ownPath(to));
    },
  });
  const startOver = () => {
    setAsked(null);
    reset();
  };
  return { enter: mutate, isBusy: isPending, problem: error ? problemIn(error) : null, asked, startOver };
}

/** Only ways within this console are followed, so that a link cannot lead somebody who signs in elsewhere. */
export function ownPath(to: string): string {
  return /^\/(?![/\\])/.test(to) ? to : "/pulse";
}
