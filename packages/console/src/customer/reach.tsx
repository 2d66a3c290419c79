import { Box, Group, Stack, Text } from "@mantine/core";
import type { Customer } from "@rapport/contract/api";

import { useLanguage } from "../language/use-language.tsx";
import { Card } from "../ui/card.tsx";
import { ChannelIcon } from "../ui/happening-icon.tsx";

/** Hours that differ by less are as good as each other. */
const WORTH_SHOWING = 0.03;

/** How likely each channel reaches this customer, hour by hour where hours differ, and what that was learned from. */
export function Reach({ reach }: { reach: Customer["reach"] }) {
  const { t } = useLanguage();
  return (
    <Card title={t("reach.title")} help={t("reach.help")}>
      <Stack gap="sm">
        {reach.map((one) => (
          <ChannelReach key={one.channel} {...one} />
        ))}
      </Stack>
    </Card>
  );
}

function ChannelReach({ channel, byHour, expected, contacts, reached }: Customer["reach"][number]) {
  const { t, say, format } = useLanguage();
  const mean = byHour.reduce((sum, one) => sum + one, 0) / byHour.length;
  const best = byHour.indexOf(Math.max(...byHour));
  const hasHours = Math.max(...byHour) - Math.min(...byHour) >= WORTH_SHOWING;
  return (
    <Box data-reach={channel}>
      <Group justify="space-between" gap="xs" wrap="nowrap">
        <Group gap={8} wrap="nowrap">
          <ChannelIcon channel={channel} />
          <Text size="sm" fw={550}>
            {say(`channel.${channel}`) ?? channel}
          </Text>
        </Group>
        <Text size="sm" fw={650}>
          {format.percent(mean)}
        </Text>
      </Group>
      {hasHours && (
        <div className="hours" role="img" aria-label={t("reach.best", { hour: `${best}:00` })}>
          {byHour.map((chance, hour) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: an hour is known by its number
            <span key={hour} title={`${hour}:00 · ${format.percent(chance)}`} style={{ height: `${chance * 100}%` }} />
          ))}
        </div>
      )}
      <Text size="xs" className="quiet">
        {contacts === 0
          ? t("reach.nothing", { expected: format.percent(expected) })
          : t("reach.learned", { reached, count: contacts, expected: format.percent(expected) })}
        {hasHours && ` ${t("reach.best", { hour: `${best}:00` })}`}
      </Text>
    </Box>
  );
}
