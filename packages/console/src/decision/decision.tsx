import { Grid, Stack } from "@mantine/core";
import type { DecisionTold } from "@rapport/contract/api";

import { useLanguage } from "../language/use-language.tsx";
import { CustomerLink } from "../ui/customer-link.tsx";
import { Room } from "../ui/room.tsx";
import { Failed, Loading } from "../ui/states.tsx";
import { Candidates } from "./candidates.tsx";
import { Facts } from "./facts.tsx";
import { LedMessage } from "./led-message.tsx";
import { Outcome } from "./outcome.tsx";
import { type DecisionAddress, useDecision } from "./use-decision.ts";
import { WhatIfCard } from "./what-if.tsx";

/** One decision: what was decided and why, what was weighed, what was known, what came of it, and what if. */
export function Decision(address: DecisionAddress) {
  const { t } = useLanguage();
  const shown = useDecision(address);
  switch (shown.state) {
    case "loading":
      return (
        <Room title={t("room.decisions")}>
          <Loading rows={9} />
        </Room>
      );
    case "failed":
      return (
        <Room title={t("room.decisions")}>
          <Failed problem={shown.problem} retry={shown.retry} />
        </Room>
      );
    case "ready":
      return <DecisionView decision={shown.decision} />;
  }
}

function DecisionView({ decision }: { decision: DecisionTold }) {
  const { t, titled, format } = useLanguage();
  const { customerId, customer, policy, trigger, origin, at } = decision;
  const about = t("decision.about", { policy: titled(policy.title), version: policy.version, trigger: trigger ?? "–" });
  const said = origin ? ` · ${t("timeline.origin")}: ${t(`origin.${origin}`)}` : "";
  return (
    <Room
      title={t("decision.title", { customer: customer ?? t("customer.unnamed") })}
      lead={
        <>
          <CustomerLink customerId={customerId} name={customer} /> · {format.moment(at)} · {about}
          {said}
        </>
      }
    >
      <Grid gap="md">
        <Grid.Col span={{ base: 12, md: 8 }}>
          <Stack gap="md">
            <Outcome decision={decision} />
            <Candidates decision={decision} />
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 4 }}>
          <Stack gap="md">
            <LedMessage message={decision.message} />
            <Facts facts={decision.facts} />
          </Stack>
        </Grid.Col>
      </Grid>
      <WhatIfCard decision={decision} />
    </Room>
  );
}
