import { Group, SegmentedControl, Select, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { useEffect, useState } from "react";

import { useLanguage } from "../language/use-language.tsx";
import { DecisionList } from "../ui/decision-list.tsx";
import { Room } from "../ui/room.tsx";
import { type DecisionFilters, useDecisions } from "../ui/use-decisions.ts";

type Filters = Omit<DecisionFilters, "customerId">;

/** Every decision, acted or silent. The filters stand in the address, so that a view can be sent to somebody. */
export function Decisions({ filters, onFilter }: { filters: Filters; onFilter: (filters: Filters) => void }) {
  const { t } = useLanguage();
  const shown = useDecisions(filters);
  const policies = shown.state === "ready" ? (shown.pages[0]?.policies ?? []) : [];
  const [action, setAction] = useState(filters.action ?? "");
  useEffect(() => setAction(filters.action ?? ""), [filters.action]);
  const choose = (name: keyof Filters, value: string | null) => {
    const next = { ...filters };
    delete next[name];
    onFilter(value ? { ...next, [name]: value } : next);
  };
  const chooseAction = useDebouncedCallback((value: string) => choose("action", value), 300);
  return (
    <Room title={t("room.decisions")}>
      <Group gap="sm" align="flex-end">
        <SegmentedControl
          aria-label={t("decisions.outcome")}
          value={filters.outcome ?? ""}
          onChange={(value) => choose("outcome", value)}
          data={[
            { value: "", label: t("decisions.all") },
            { value: "act", label: t("decisions.outcome.act") },
            { value: "nothing", label: t("decisions.outcome.nothing") },
          ]}
        />
        <Select
          clearable
          aria-label={t("decisions.policy")}
          placeholder={t("decisions.policy")}
          data={filters.policy && !policies.includes(filters.policy) ? [...policies, filters.policy] : policies}
          value={filters.policy ?? null}
          onChange={(value) => choose("policy", value)}
        />
        <TextInput
          aria-label={t("decisions.action")}
          placeholder={t("decisions.action.hint")}
          value={action}
          onChange={(event) => {
            setAction(event.currentTarget.value);
            chooseAction(event.currentTarget.value.trim());
          }}
        />
      </Group>
      <DecisionList filters={filters} {...(Object.keys(filters).length > 0 ? { onClear: () => onFilter({}) } : {})} />
    </Room>
  );
}
