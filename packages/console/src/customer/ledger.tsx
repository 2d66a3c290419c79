import { Box, Group, Stack, Text } from "@mantine/core";
import type { Customer } from "@rapport/contract/api";

import { useLanguage } from "../language/use-language.tsx";
import { Card } from "../ui/card.tsx";
import { ChannelIcon } from "../ui/happening-icon.tsx";
import { Moment } from "../ui/moment.tsx";

const SHOWN = 6;

/** How often we reached this customer, beside how often we may. */
export function Ledger({ ledger: { contacts, caps } }: { ledger: Customer["ledger"] }) {
  const { t, say } = useLanguage();
  const latest = contacts.toSorted((a, b) => b.at - a.at).slice(0, SHOWN);
  return (
    <Card title={t("ledger.title")} help={t("ledger.help")}>
      <Stack gap="sm" mb="md">
        {caps.length === 0 && (
          <Text size="sm" className="quiet">
            {t("ledger.noCaps")}
          </Text>
        )}
        {caps.map((cap) => (
          <Gauge key={cap.name} {...cap} />
        ))}
      </Stack>
      {latest.length === 0 && (
        <Text size="sm" className="quiet">
          {t("ledger.none")}
        </Text>
      )}
      {latest.map(({ messageId, channel, purpose, at, state }) => (
        <Group key={messageId} gap="xs" wrap="nowrap" py={2}>
          <ChannelIcon channel={channel} />
          <Text size="sm" style={{ flex: 1 }}>
            {say(`purpose.${purpose}`) ?? purpose}
            <Text span size="xs" className="quiet" ml={6}>
              {t(`ledger.state.${state}`)}
            </Text>
          </Text>
          <Text size="xs" className="quiet">
            <Moment at={at} />
          </Text>
        </Group>
      ))}
    </Card>
  );
}

function Gauge({ name, limit, windowMs, used }: Customer["ledger"]["caps"][number]) {
  const { t, format } = useLanguage();
  const isSpent = used >= limit;
  return (
    <Box>
      <Group justify="space-between" mb={4} gap="xs">
        <Text size="sm" fw={550}>
          {name}
        </Text>
        <Text size="xs" className="quiet">
          {t("ledger.cap", { used, limit, span: format.span(windowMs) })}
        </Text>
      </Group>
      <div className="bar" aria-hidden="true">
        <span
          style={{
            width: `${Math.min(100, (used / Math.max(1, limit)) * 100)}%`,
            background: `var(--mantine-color-${isSpent ? "amber" : "pine"}-filled)`,
          }}
        />
      </div>
    </Box>
  );
}
