import type { Confirm as ConfirmBody } from "@rapport/contract/api";
import type { QueryKey } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";

import { ask } from "../hub/ask.ts";
import { ConfirmPassword } from "./confirm-password.tsx";
import { type Deed, useDeed } from "./use-deed.ts";

type Waiting<Given, Answer> = { given: Given; done: ((answer: Answer) => void) | undefined };

/**
 * A deed that the hub does only for somebody who gave the password not long ago. `asking` belongs on the screen: it asks
 * for the password when the hub wants it, and then the deed is done.
 */
export function useConfirmedDeed<Given, Answer>(
  deed: (given: Given) => Promise<Answer>,
  shows: QueryKey,
): Deed<Given, Answer> & { asking: ReactNode } {
  const { does, problem, ...inner } = useDeed(deed, shows);
  const [waiting, setWaiting] = useState<Waiting<Given, Answer> | null>(null);
  const confirm = useDeed((body: ConfirmBody) => ask("/api/account/confirm", { method: "POST", body }), []);
  const isAsked = problem?.type === "access/confirm-needed";
  return {
    ...inner,
    problem: isAsked ? null : problem,
    does: (given, done) => {
      setWaiting({ given, done });
      does(given, done);
    },
    asking: (
      <ConfirmPassword
        opened={isAsked}
        isBusy={confirm.isBusy}
        problem={confirm.problem}
        onClose={() => {
          inner.reset();
          confirm.reset();
        }}
        onGive={(password) =>
          confirm.does({ password }, () => {
            inner.reset();
            if (waiting) does(waiting.given, waiting.done);
          })
        }
      />
    ),
  };
}
