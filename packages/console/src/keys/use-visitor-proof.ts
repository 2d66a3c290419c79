import type { VisitorProof, VisitorProofChange } from "@rapport/contract/api";
import { useQuery } from "@tanstack/react-query";

import { ask } from "../hub/ask.ts";
import { type Shown, shownOf } from "../hub/shown.ts";
import { useDeed } from "../ui/use-deed.ts";

const PATH = "/api/visitor-proof";
const PROOF = ["visitor-proof"];

/** By which secrets visitors prove who they are. */
export function useVisitorProof(): Shown<{ proof: VisitorProof }> {
  const query = useQuery({ queryKey: PROOF, queryFn: ({ signal }) => ask<VisitorProof>(PATH, { signal }) });
  return shownOf(query, (proof) => ({ proof }));
}

export const useRequireProof = () =>
  useDeed((body: VisitorProofChange) => ask<VisitorProof>(PATH, { method: "PATCH", body }), PROOF);
export const useRenewSecret = () =>
  useDeed((_: Record<string, never>) => ask<VisitorProof>(`${PATH}/renew`, { method: "POST" }), PROOF);
