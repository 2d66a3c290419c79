import type { PolicyList } from "@rapport/contract/api";
import { useQuery } from "@tanstack/react-query";

import { ask } from "../hub/ask.ts";
import { useLanguage } from "../language/use-language.tsx";
import type { Happening } from "./tell-happening.ts";

type Policies = PolicyList["policies"];

/** The installed policies with their actions; none until they are known. */
export function usePolicies(): Policies {
  const { data } = useQuery({
    queryKey: ["policies"],
    queryFn: ({ signal }) => ask<PolicyList>("/api/policies", { signal }),
    staleTime: 60_000,
  });
  return data?.policies ?? [];
}

/** What people call a policy; its name, of one that is not installed any more. */
export function usePolicyTitle(): (policy: string) => string {
  const policies = usePolicies();
  const { titled } = useLanguage();
  return (policy) => {
    const title = policies.find(({ name }) => name === policy)?.title;
    return title ? titled(title) : policy;
  };
}

/** Gives what happened the title of the action that it names, in the reader's language. */
export function useTitledHappening(): <H extends Happening>(happening: H) => H {
  const policies = usePolicies();
  const { titled } = useLanguage();
  return (happening) => {
    const { policy, action } = happening.detail;
    const actions = policies.find(({ name }) => name === policy)?.actions;
    const title = actions?.find(({ name }) => name === action)?.title;
    return title ? { ...happening, detail: { ...happening.detail, action: titled(title) } } : happening;
  };
}
