import { Box, Button, Grid, SegmentedControl, SimpleGrid, Stack, Switch, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import type { DecisionTold } from "@rapport/contract/api";
import { useState } from "react";

import { useLanguage } from "../language/use-language.tsx";
import { Card } from "../ui/card.tsx";
import { FactInput } from "./fact-input.tsx";
import { RecordInputs } from "./record-inputs.tsx";
import { AS_IT_WAS, keyOf, questionOf, recordsIn, singleFacts, type Supposed } from "./supposed.ts";
import { Supposition } from "./supposition.tsx";

/** Change what was known and see, beside the decision that was made, the one that would have been. */
export function WhatIfCard({ decision }: { decision: DecisionTold }) {
  const { t, say } = useLanguage();
  const { facts, outcome } = decision;
  const [supposed, setSupposed] = useState<Supposed>(AS_IT_WAS);
  const [settled] = useDebouncedValue(supposed, 250);
  const purpose = outcome.kind === "act" ? outcome.purpose : "service";
  const setFact = (path: string, value: string | number | boolean) =>
    setSupposed((before) => ({ ...before, facts: { ...before.facts, [path]: value } }));
  const setField = (path: string, name: string, field: string, value: number) =>
    setSupposed((before) => {
      const key = keyOf(path, name);
      return { ...before, records: { ...before.records, [key]: { ...before.records[key], [field]: value } } };
    });
  return (
    <Card
      title={t("whatIf.title")}
      help={t("whatIf.help")}
      beside={
        <Button
          size="compact-sm"
          variant="default"
          disabled={supposed === AS_IT_WAS}
          onClick={() => setSupposed(AS_IT_WAS)}
        >
          {t("whatIf.reset")}
        </Button>
      }
    >
      <Grid gap="xl">
        <Grid.Col span={{ base: 12, md: 5 }}>
          <Stack gap="md">
            <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="md">
              {singleFacts(facts).map(([path, value]) => (
                <FactInput
                  key={path}
                  label={path}
                  was={value}
                  value={supposed.facts[path] ?? value}
                  onChange={(next) => setFact(path, next)}
                />
              ))}
            </SimpleGrid>
            {recordsIn(facts).map(([path, records]) => (
              <RecordInputs
                key={path}
                path={path}
                records={records}
                first={outcome.kind === "act" ? outcome.item : null}
                changed={supposed.records}
                onChange={(name, field, value) => setField(path, name, field, value)}
              />
            ))}
            <Box>
              <Text size="sm" fw={500} mb={4}>
                {t("whatIf.consent", { purpose: say(`purpose.${purpose}`) ?? purpose })}
              </Text>
              <SegmentedControl
                size="xs"
                value={supposed.consent?.status ?? ""}
                onChange={(status) =>
                  setSupposed((before) => ({
                    ...before,
                    consent: status === "granted" || status === "withdrawn" ? { purpose, status } : null,
                  }))
                }
                data={[
                  { value: "", label: t("whatIf.consent.asItWas") },
                  { value: "granted", label: t("consent.granted") },
                  { value: "withdrawn", label: t("consent.withdrawn") },
                ]}
              />
            </Box>
            <Switch
              label={t("whatIf.openComplaint")}
              checked={supposed.openComplaint ?? decision.openComplaint}
              onChange={(event) => {
                const openComplaint = event.currentTarget.checked;
                setSupposed((before) => ({ ...before, openComplaint }));
              }}
            />
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 7 }}>
          <Supposition decision={decision} question={questionOf(facts, settled)} />
        </Grid.Col>
      </Grid>
    </Card>
  );
}
