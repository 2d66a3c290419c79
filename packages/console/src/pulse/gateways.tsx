import { Badge, Group, Stack, Text } from "@mantine/core";
import type { Pulse } from "@rapport/contract/api";
import { Link } from "@tanstack/react-router";

import { useLanguage } from "../language/use-language.tsx";
import { Card } from "../ui/card.tsx";
import { ChannelIcon } from "../ui/happening-icon.tsx";
import { Icon } from "../ui/icon.tsx";

const COLOURS = { closed: "pine", "half-open": "amber", open: "brick", down: "brick" } as const;
const ICONS = { closed: "well", "half-open": "look", open: "ill", down: "ill" } as const;

/** The doors to the outside and whether they let messages through. */
export function Gateways({ gateways }: { gateways: Pulse["gateways"] }) {
  const { t, say, format } = useLanguage();
  return (
    <Card title={t("pulse.gateways")} id="gateways">
      {gateways.length === 0 && (
        <Text size="sm" className="quiet">
          {t("pulse.gateways.none")}
        </Text>
      )}
      <Stack gap="sm">
        {gateways.map(({ name, channel, state, perSecond }) => (
          <Group key={name} justify="space-between" wrap="nowrap" gap="xs">
            <Group gap="xs" wrap="nowrap" miw={0}>
              <ChannelIcon channel={channel} size={18} />
              <div style={{ minWidth: 0 }}>
                <Text size="sm" fw={600} className="name">
                  {name}{" "}
                  <Text span size="xs" className="quiet" fw={400}>
                    {say(`channel.${channel}`) ?? channel}
                  </Text>
                </Text>
                <Text size="xs" className="quiet">
                  {t("pulse.gateway.speed", { rate: format.number(perSecond) })}
                </Text>
              </div>
            </Group>
            <Badge
              variant="light"
              color={COLOURS[state]}
              leftSection={<Icon name={ICONS[state]} size={12} />}
              tt="none"
            >
              {t(`pulse.gateway.${state}`)}
            </Badge>
          </Group>
        ))}
      </Stack>
    </Card>
  );
}

/** How many letters nobody could read, and the way to them. */
export function DeadLettersCard({ count, fresh }: { count: number; fresh: number }) {
  const { t, format } = useLanguage();
  return (
    <Card title={t("pulse.deadLetters")}>
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm" className="quiet">
          {count === 0 ? t("pulse.deadLetters.none") : t("pulse.trouble.deadLetters", { count })}
          {fresh > 0 && ` · ${t("pulse.deadLetters.fresh", { count: fresh })}`}
        </Text>
        <Text fz="xl" fw={650}>
          {format.number(count)}
        </Text>
      </Group>
      <Link to="/settings/dead-letters" className="customer-link">
        <Text span size="sm">
          {t("pulse.deadLetters.look")}
        </Text>
      </Link>
    </Card>
  );
}
