import { Badge, Box, List, Table, Text } from "@mantine/core";
import type { DecisionTold } from "@rapport/contract/api";

import { useLanguage } from "../language/use-language.tsx";
import { Card } from "../ui/card.tsx";
import { tellerOf, tellReason } from "./tell-reason.ts";
import { isOfOtherKind, ruledOutOf, type Weighed, weighedOf } from "./weighed.ts";

/** What was weighed, part by part of its score; and what never came to the scales. */
export function Candidates({ decision }: { decision: DecisionTold }) {
  const { t } = useLanguage();
  const weighed = weighedOf(decision.candidates);
  return (
    <Card title={t("decision.candidates")} {...(weighed.length > 0 ? { help: t("decision.candidates.help") } : {})}>
      {weighed.length > 0 && <Scales decision={decision} weighed={weighed} />}
      <RuledOut decision={decision} />
    </Card>
  );
}

function Scales({ decision, weighed }: { decision: DecisionTold; weighed: Weighed[] }) {
  const { t } = useLanguage();
  const top = Math.max(...weighed.map(({ score }) => Math.abs(score ?? 0)), 0.01);
  const hasWeights = weighed.some(({ factors }) => factors.weight !== 1);
  const heads = [
    "success",
    "reach",
    "toCustomer",
    "toCompany",
    ...(hasWeights ? (["weight"] as const) : []),
    "cost",
    "annoyance",
  ] as const;
  return (
    <Table.ScrollContainer minWidth={680}>
      <Table fz="sm" verticalSpacing={5} horizontalSpacing="xs">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("decision.candidate")}</Table.Th>
            {heads.map((head) => (
              <Table.Th key={head} ta="right" fw={500} className="quiet" fz="xs" style={{ wordBreak: "keep-all" }}>
                {t(`decision.${head}`)}
              </Table.Th>
            ))}
            <Table.Th w={150}>{t("decision.score")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {weighed.map((one) => (
            <Scale key={`${one.action} ${one.item}`} one={one} decision={decision} top={top} hasWeights={hasWeights} />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function Scale({
  one,
  decision,
  top,
  hasWeights,
}: {
  one: Weighed;
  decision: DecisionTold;
  top: number;
  hasWeights: boolean;
}) {
  const language = useLanguage();
  const { t, titled, format } = language;
  const { currency } = decision.policy;
  const { item, removedBy, factors, score, reach, cost, annoyance } = one;
  const title = titled(one.title);
  const whyNot =
    removedBy && removedBy.filter !== "choice"
      ? tellReason(removedBy.reason, removedBy.text, tellerOf(decision, language))
      : null;
  const figures = [
    format.percent(factors.success),
    reach === null ? "–" : format.percent(reach),
    format.money(factors.valueToCustomer, currency),
    format.money(factors.valueToCompany, currency),
    ...(hasWeights ? [format.number(factors.weight)] : []),
    format.money(-cost, currency),
    format.fixed(-annoyance),
  ];
  return (
    <Table.Tr data-candidate={removedBy ? "removed" : "chosen"}>
      <Table.Td miw={170}>
        <Text size="sm" fw={removedBy ? 400 : 650} span>
          {item ? t("decision.acted.item", { action: title, item }) : title}
        </Text>{" "}
        {!removedBy && (
          <Badge size="sm" tt="none" variant="light" miw="max-content">
            {t("decision.chosen")}
          </Badge>
        )}
        {whyNot && (
          <Text size="xs" className="quiet">
            {whyNot}
          </Text>
        )}
      </Table.Td>
      {figures.map((figure, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a figure is known by its column
        <Table.Td key={index} ta="right" className="quiet">
          {figure}
        </Table.Td>
      ))}
      <Table.Td>
        {score !== null && (
          <>
            <Text size="sm" fw={600} span>
              {format.fixed(score)}
            </Text>
            <div className="bar" aria-hidden="true">
              <span
                style={{
                  width: `${(Math.max(0, score) / top) * 100}%`,
                  background: removedBy ? "var(--mantine-color-gray-5)" : "var(--mantine-color-pine-filled)",
                }}
              />
            </div>
          </>
        )}
      </Table.Td>
    </Table.Tr>
  );
}

function RuledOut({ decision }: { decision: DecisionTold }) {
  const language = useLanguage();
  const { t, titled } = language;
  const teller = tellerOf(decision, language);
  const groups = ruledOutOf(decision.candidates).toSorted(
    (a, b) => Number(isOfOtherKind(a)) - Number(isOfOtherKind(b)),
  );
  if (groups.length === 0 && decision.unlisted === 0) return null;
  return (
    <Box mt="sm">
      <Text component="h3" className="card-title" mb={4}>
        {t("decision.ruledOut")}
      </Text>
      <List size="sm" spacing={2} className="quiet name">
        {groups.map(({ title, action, count, removedBy }) => (
          <List.Item key={`${action} ${removedBy.text}`}>
            {titled(title)} ·{" "}
            {t("decision.removedAlike", { count, reason: tellReason(removedBy.reason, removedBy.text, teller) })}
          </List.Item>
        ))}
        {decision.unlisted > 0 && <List.Item>{t("decision.unlisted", { count: decision.unlisted })}</List.Item>}
      </List>
    </Box>
  );
}
