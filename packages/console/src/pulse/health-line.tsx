import { Box, Group, Text } from "@mantine/core";
import type { Pulse } from "@rapport/contract/api";
import { Link } from "@tanstack/react-router";

import { useLanguage } from "../language/use-language.tsx";
import { Icon } from "../ui/icon.tsx";
import { usePolicyTitle } from "../ui/use-policies.ts";
import { healthOf, type Level, type Trouble } from "./health.ts";

const COLOURS: Record<Level, string> = { well: "pine", look: "amber", ill: "brick" };

/** Is all well? One line for somebody who has five seconds. */
export function HealthLine({ pulse, isLive }: { pulse: Pulse; isLive: boolean }) {
  const { t, format } = useLanguage();
  const { level, troubles } = healthOf(pulse);
  const shown: Level = isLive ? level : "ill";
  const colour = `var(--mantine-color-${COLOURS[shown]}-light-color)`;
  return (
    <Box
      role="status"
      className="card"
      data-health={shown}
      style={{
        background: `var(--mantine-color-${COLOURS[shown]}-light)`,
        borderColor: "transparent",
      }}
    >
      <Group gap="md" wrap="nowrap" align="flex-start">
        <Box c={colour} pt={2}>
          <Icon name={shown} size={28} />
        </Box>
        <Box miw={0}>
          <Text fz="1.25rem" fw={650} lh={1.4}>
            {isLive ? t(`pulse.${level}`) : t("pulse.unreachable")}
          </Text>
          {!isLive && <Text size="sm">{t("pulse.unreachable.why", { at: format.moment(pulse.at) })}</Text>}
          {isLive && level === "well" && <Text size="sm">{t("pulse.well.why")}</Text>}
          {isLive && troubles.map((trouble) => <TroubleLine key={JSON.stringify(trouble)} trouble={trouble} />)}
        </Box>
      </Group>
    </Box>
  );
}

/** One cause, which leads to where it can be seen. */
function TroubleLine({ trouble }: { trouble: Trouble }) {
  const words = useTroubleWords(trouble);
  return (
    <Text size="sm" data-trouble={trouble.kind}>
      {trouble.kind === "deadLetters" || trouble.kind === "growing" ? (
        <Link to="/settings/dead-letters" className="customer-link">
          {words}
        </Link>
      ) : (
        <Link to="/pulse" hash={PLACES[trouble.kind]} className="customer-link">
          {words}
        </Link>
      )}
    </Text>
  );
}

/** The part of Pulse that shows more of each. */
const PLACES = {
  behind: "lag",
  slow: "lag",
  noOwner: "lag",
  unsent: "lag",
  noGateway: "gateways",
  gateway: "gateways",
  trying: "gateways",
  down: "gateways",
  failing: "gateways",
  paused: "paused",
} as const;

function useTroubleWords(trouble: Trouble): string {
  const { t, say, format } = useLanguage();
  const titleOf = usePolicyTitle();
  const wordOf = (channel: string) => say(`channel.${channel}`) ?? channel;
  switch (trouble.kind) {
    case "behind":
      return t("pulse.trouble.behind", { count: trouble.count, age: format.span(trouble.ageMs) });
    case "slow": {
      const { count, partitions, ageMs } = trouble;
      return t("pulse.trouble.slow", { count: partitions, events: count, age: format.span(ageMs) });
    }
    case "gateway":
    case "trying":
    case "down":
    case "failing":
      return t(`pulse.trouble.${trouble.kind}`, { name: trouble.name, channel: wordOf(trouble.channel) });
    case "unsent": {
      const { count, channel, ageMs } = trouble;
      return t("pulse.trouble.unsent", { count, channel: wordOf(channel), age: format.span(ageMs) });
    }
    case "noGateway":
      return t("pulse.trouble.noGateway", { count: trouble.count, channel: wordOf(trouble.channel) });
    case "paused": {
      const { policy, sent, most, count } = trouble;
      return t("pulse.trouble.paused", { count, policy: titleOf(policy), sent, most });
    }
    case "growing":
    case "deadLetters":
    case "noOwner":
      return t(`pulse.trouble.${trouble.kind}`, { count: trouble.count });
  }
}
