import { Box, Select, SimpleGrid } from "@mantine/core";
import { useState } from "react";

import { useLanguage } from "../language/use-language.tsx";
import { FactInput } from "./fact-input.tsx";
import { type FactRecord, keyOf, type Supposed } from "./supposed.ts";

type Asked = {
  path: string;
  records: FactRecord[];
  first: string | null;
  changed: Supposed["records"];
  onChange: (name: string, field: string, value: number) => void;
};

/** One record of a list (an option that was priced), chosen by name, with its numbers to be supposed otherwise. */
export function RecordInputs({ path, records, first, changed, onChange }: Asked) {
  const { t } = useLanguage();
  const [name, setName] = useState(records.find((one) => one.name === first)?.name ?? records[0]?.name ?? "");
  const record = records.find((one) => one.name === name);
  const fields = Object.entries(record ?? {}).filter(
    (entry): entry is [string, number] => typeof entry[1] === "number",
  );
  return (
    <Box>
      <Select
        size="xs"
        mb="sm"
        allowDeselect={false}
        label={`${t("whatIf.option")} (${path})`}
        data={[...new Set(records.map((one) => one.name))]}
        value={name}
        onChange={(chosen) => setName(chosen ?? name)}
      />
      <SimpleGrid cols={{ base: 2, xs: 3 }} spacing="sm" verticalSpacing="sm">
        {fields.map(([field, was]) => (
          <FactInput
            key={`${name} ${field}`}
            label={field}
            was={was}
            value={changed[keyOf(path, name)]?.[field] ?? was}
            onChange={(value) => onChange(name, field, Number(value))}
          />
        ))}
      </SimpleGrid>
    </Box>
  );
}
