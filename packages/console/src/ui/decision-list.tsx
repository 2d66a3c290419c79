import { Box, Button, Grid, Group, Text } from "@mantine/core";
import type { DecisionSummary } from "@rapport/contract/api";
import { Link } from "@tanstack/react-router";

import { useLanguage } from "../language/use-language.tsx";
import { ChannelIcon } from "./happening-icon.tsx";
import { Icon } from "./icon.tsx";
import { Moment } from "./moment.tsx";
import { More } from "./more.tsx";
import { Empty, Failed, Loading } from "./states.tsx";
import { type DecisionFilters, useDecisions } from "./use-decisions.ts";

/** Decisions that pass the filters, each leading to its why. With `hasCustomer` all are of the customer in sight. */
export function DecisionList({
  filters,
  hasCustomer,
  onClear,
}: {
  filters: DecisionFilters;
  hasCustomer?: boolean;
  onClear?: () => void;
}) {
  const { t } = useLanguage();
  const shown = useDecisions(filters);
  switch (shown.state) {
    case "loading":
      return <Loading rows={10} />;
    case "failed":
      return <Failed problem={shown.problem} retry={shown.retry} />;
    case "ready": {
      const decisions = shown.pages.flatMap((page) => page.decisions);
      if (decisions.length === 0)
        return (
          <Empty title={t("decisions.none")} help={t("decisions.none.help")}>
            {onClear && (
              <Button variant="default" size="xs" mt="sm" onClick={onClear}>
                {t("decisions.clear")}
              </Button>
            )}
          </Empty>
        );
      return (
        <Box className="card" p={0} style={{ overflow: "hidden" }}>
          {decisions.map((decision) => (
            <DecisionRow key={decision.decisionId} decision={decision} hasCustomer={hasCustomer ?? false} />
          ))}
          <More more={shown.more} isFetchingMore={shown.isFetchingMore} />
        </Box>
      );
    }
  }
}

function DecisionRow({ decision, hasCustomer }: { decision: DecisionSummary; hasCustomer: boolean }) {
  const { t, say, titled } = useLanguage();
  const { customerId, decisionId, outcome, actionTitle, item, channel, reason, trigger, at, customer } = decision;
  const didAct = outcome === "act";
  const what = didAct && actionTitle ? [titled(actionTitle), item].filter(Boolean).join(": ") : t("decision.silent");
  const because = reason ? (say(`decisions.reason.${reason}`) ?? reason) : "";
  return (
    <Link
      to="/customers/$customerId/decisions/$decisionId"
      params={{ customerId, decisionId }}
      className="row-link"
      data-row
    >
      <Grid gap="xs" align="center" px="md" py={8}>
        {!hasCustomer && (
          <Grid.Col span={{ base: 8, sm: 3 }}>
            <Text fw={550} className="name">
              {customer ?? t("customer.unnamed")}
            </Text>
          </Grid.Col>
        )}
        <Grid.Col span={{ base: hasCustomer ? 8 : 12, sm: hasCustomer ? 8 : 5 }} order={{ base: 3, sm: 2 }}>
          <Group gap="xs" wrap="nowrap">
            <Box c={didAct ? "var(--mantine-color-pine-text)" : "var(--room-quiet)"} style={{ display: "flex" }}>
              {didAct ? <ChannelIcon channel={channel ?? "hub"} /> : <Icon name="unsaid" size={16} />}
            </Box>
            <Text size="sm" className="name" miw={0} fw={didAct ? 550 : 400}>
              {what}
              {because && (
                <Text span size="sm" className="quiet" fw={400}>
                  {" "}
                  · {because}
                </Text>
              )}
            </Text>
          </Group>
        </Grid.Col>
        <Grid.Col span={2} order={{ base: 4, sm: 3 }} visibleFrom="sm">
          <Text size="xs" className="quiet name">
            {titled(decision.policyTitle)} <br />
            {t("decisions.on", { trigger })}
          </Text>
        </Grid.Col>
        <Grid.Col span={{ base: 4, sm: 2 }} order={{ base: 2, sm: 4 }} ta="right">
          <Text size="sm" className="quiet">
            <Moment at={at} />
          </Text>
        </Grid.Col>
      </Grid>
    </Link>
  );
}
