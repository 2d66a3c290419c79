import { Button, Group, Select, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { useEffect, useState } from "react";

import { useLanguage } from "../language/use-language.tsx";
import type { LetterFilters } from "./use-dead-letters.ts";

type Name = keyof LetterFilters;

/** By which letters are found. What is chosen stands in the address, so that a view can be sent to somebody. */
export function LetterFilterBar({
  filters,
  onFilter,
}: {
  filters: LetterFilters;
  onFilter: (filters: LetterFilters) => void;
}) {
  const { t } = useLanguage();
  const choose = (name: Name, value: string | null) => {
    const next = { ...filters };
    delete next[name];
    onFilter(value ? { ...next, [name]: value } : next);
  };
  const field = (name: Exclude<Name, "stage">) => ({
    label: t(`deadLetters.filter.${name}`),
    value: filters[name] ?? "",
    onChoose: (value: string) => choose(name, value),
  });
  return (
    <Group gap="sm" align="flex-end" role="search">
      <Select
        clearable
        label={t("deadLetters.filter.stage")}
        data={(["resolve", "apply"] as const).map((stage) => ({
          value: stage,
          label: t(`deadLetters.stage.${stage}`),
        }))}
        value={filters.stage ?? null}
        onChange={(value) => choose("stage", value)}
      />
      <Typed {...field("source")} />
      <Typed {...field("reason")} />
      <Typed {...field("from")} type="datetime-local" />
      <Typed {...field("to")} type="datetime-local" />
      {Object.keys(filters).length > 0 && (
        <Button variant="subtle" onClick={() => onFilter({})}>
          {t("deadLetters.filter.clear")}
        </Button>
      )}
    </Group>
  );
}

type Field = { label: string; value: string; type?: string; onChoose: (value: string) => void };

function Typed({ label, value, type = "text", onChoose }: Field) {
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [value]);
  const choose = useDebouncedCallback(onChoose, 300);
  return (
    <TextInput
      label={label}
      type={type}
      maxLength={200}
      value={typed}
      onChange={({ currentTarget }) => {
        setTyped(currentTarget.value);
        choose(currentTarget.value.trim());
      }}
    />
  );
}
