import { Group, Text } from "@mantine/core";
import type { DecisionTold } from "@rapport/contract/api";

import type { Formats } from "../language/formats.ts";
import { useLanguage } from "../language/use-language.tsx";
import { Card } from "../ui/card.tsx";

/** The facts that the decision read, by their path. */
export function Facts({ facts }: { facts: DecisionTold["facts"] }) {
  const { t, format } = useLanguage();
  const known = Object.entries(facts);
  return (
    <Card title={t("decision.facts")} help={t(known.length > 0 ? "decision.facts.help" : "decision.facts.none")}>
      {known.map(([path, value]) => (
        <Group key={path} justify="space-between" wrap="nowrap" gap="sm" py={2} align="flex-start">
          <Text size="sm" className="quiet name">
            {path}
          </Text>
          <Text size="sm" ta="right" className="name" miw={0}>
            {Array.isArray(value) ? t("decision.facts.list", { count: value.length }) : toldFact(path, value, format)}
          </Text>
        </Group>
      ))}
    </Card>
  );
}

/** A fact's value in the reader's way of writing; moments are known by their name. */
export function toldFact(path: string, value: unknown, format: Formats): string {
  if (typeof value === "number") return isMoment(path) ? format.moment(value) : format.number(value);
  return value === null ? "–" : String(value);
}

export const isMoment = (path: string): boolean => /(^|\.)at$|At$/.test(path);
