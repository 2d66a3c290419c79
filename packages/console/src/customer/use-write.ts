import type { MessageAccepted, Problem, SendMessage } from "@rapport/contract/api";
import { useMutation } from "@tanstack/react-query";
import { useRef } from "react";

import { ask } from "../hub/ask.ts";
import { problemIn } from "../hub/problem.ts";
import { useLookAgain } from "./use-customer.ts";

type Writing = {
  send: (message: SendMessage) => void;
  isBusy: boolean;
  isSent: boolean;
  problem: Problem | null;
  reset: () => void;
};

/** Sends a message once: pressing again after a broken line repeats the same request by its key. */
export function useWrite(customerId: string): Writing {
  const lookAgain = useLookAgain(customerId);
  const asked = useRef({ body: "", key: "" });
  const { mutate, isPending, isSuccess, error, reset } = useMutation({
    mutationFn: (message: SendMessage) => {
      const body = JSON.stringify(message);
      if (asked.current.body !== body) asked.current = { body, key: newKey() };
      const headers = { "idempotency-key": asked.current.key };
      return ask<MessageAccepted>("/api/messages", { method: "POST", body: message, headers });
    },
    onSuccess: () => {
      asked.current = { body: "", key: "" };
      lookAgain();
    },
  });
  return { send: mutate, isBusy: isPending, isSent: isSuccess, problem: error ? problemIn(error) : null, reset };
}

/** `crypto.randomUUID` is only there on secure pages, and a hub on the local network may be served without TLS. */
function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
