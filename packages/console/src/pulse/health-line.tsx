import { Box, Group, Text } from "@mantine/core";
import type { Pulse } from "@rapport/contract/api";
import { Link } from "@tanstack/react-router";

import { useLanguage } from "../language/use-language.tsx";
import { Icon } from "../ui/icon.tsx";
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

function TroubleLine({ trouble }: { trouble: Trouble }) {
  const { t, say, format } = useLanguage();
  switch (trouble.kind) {
    case "behind":
      return (
        <Text size="sm">{t("pulse.trouble.behind", { count: trouble.count, age: format.span(trouble.ageMs) })}</Text>
      );
    case "gateway":
    case "trying": {
      const channel = say(`channel.${trouble.channel}`) ?? trouble.channel;
      return <Text size="sm">{t(`pulse.trouble.${trouble.kind}`, { name: trouble.name, channel })}</Text>;
    }
    case "deadLetters":
      return (
        <Text size="sm">
          <Link to="/settings/dead-letters" className="customer-link">
            {t("pulse.trouble.deadLetters", { count: trouble.count })}
          </Link>
        </Text>
      );
    case "unsent":
    case "noOwner":
      return <Text size="sm">{t(`pulse.trouble.${trouble.kind}`, { count: trouble.count })}</Text>;
  }
}
