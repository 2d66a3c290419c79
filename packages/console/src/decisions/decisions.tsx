import { Group, SegmentedControl, Select } from "@mantine/core";
import type { Title } from "@rapport/contract/api";

import { useLanguage } from "../language/use-language.tsx";
import { DecisionList } from "../ui/decision-list.tsx";
import { Room } from "../ui/room.tsx";
import type { DecisionFilters } from "../ui/use-decisions.ts";
import { usePolicies } from "../ui/use-policies.ts";

type Filters = Omit<DecisionFilters, "customerId">;

/** Every decision, acted or silent. The filters stand in the address, so that a view can be sent to somebody. */
export function Decisions({ filters, onFilter }: { filters: Filters; onFilter: (filters: Filters) => void }) {
  const { t, titled } = useLanguage();
  const policies = usePolicies();
  const chosen = filters.policy ? policies.filter(({ name }) => name === filters.policy) : policies;
  const actions = chosen.flatMap((policy) => policy.actions);
  const choose = (name: keyof Filters, value: string | null) => {
    const next = { ...filters };
    delete next[name];
    onFilter(value ? { ...next, [name]: value } : next);
  };
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
          data={choicesOf(policies, filters.policy, titled)}
          value={filters.policy ?? null}
          onChange={(value) => choose("policy", value)}
        />
        <Select
          clearable
          aria-label={t("decisions.action")}
          placeholder={t("decisions.action")}
          data={choicesOf(actions, filters.action, titled)}
          value={filters.action ?? null}
          onChange={(value) => choose("action", value)}
        />
      </Group>
      <DecisionList filters={filters} {...(Object.keys(filters).length > 0 ? { onClear: () => onFilter({}) } : {})} />
    </Room>
  );
}

type Named = { name: string; title: Title };

/** Each once, by title; a name that the address asks for and nothing installed has is offered as it stands. */
function choicesOf(all: readonly Named[], asked: string | undefined, titled: (title: Title) => string) {
  const choices = new Map(all.map(({ name, title }) => [name, titled(title)]));
  if (asked && !choices.has(asked)) choices.set(asked, asked);
  return [...choices].map(([value, label]) => ({ value, label }));
}
