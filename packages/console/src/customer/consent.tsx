import { Box, Group, Table, Text, Tooltip, UnstyledButton } from "@mantine/core";
import type { Customer } from "@rapport/contract/api";
import { useState } from "react";

import { useSession } from "../hub/use-session.ts";
import { useLanguage } from "../language/use-language.tsx";
import { Card } from "../ui/card.tsx";
import { ChannelIcon } from "../ui/happening-icon.tsx";
import { Icon } from "../ui/icon.tsx";
import { ChangeConsent } from "./change-consent.tsx";
import { CHANNELS, type ConsentCell, consentCells } from "./consent-cells.ts";

/** What the customer agreed to, purpose by channel. A press on a cell asks before it changes anything. */
export function Consent({ customer }: { customer: Customer }) {
  const { t } = useLanguage();
  const [changing, setChanging] = useState<ConsentCell | null>(null);
  return (
    <Card title={t("consent.title")} help={t("consent.help")}>
      <Table withRowBorders={false} horizontalSpacing={4} verticalSpacing={3} layout="auto">
        <Table.Thead>
          <Table.Tr>
            <Table.Th />
            {CHANNELS.map((channel) => (
              <Table.Th key={channel} ta="center" title={t(`channel.${channel}`)} aria-label={t(`channel.${channel}`)}>
                <Box component="span" className="quiet">
                  <ChannelIcon channel={channel} />
                </Box>
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {consentCells(customer).map((row) => (
            <Table.Tr key={row[0]?.purpose}>
              <Table.Th fw={450} fz="sm" scope="row">
                {row[0] && t(`purpose.${row[0].purpose}`)}
              </Table.Th>
              {row.map((cell) => (
                <Table.Td key={cell.channel} ta="center" p={2}>
                  <Cell cell={cell} onChange={() => setChanging(cell)} />
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Legend />
      <ChangeConsent customerId={customer.customerId} cell={changing} onClose={() => setChanging(null)} />
    </Card>
  );
}

const LOOKS = {
  granted: { icon: "consent", colour: "pine", isSaid: true },
  withdrawn: { icon: "withdrawn", colour: "brick", isSaid: true },
  allowed: { icon: "consent", colour: "pine", isSaid: false },
  barred: { icon: "withdrawn", colour: "gray", isSaid: false },
} as const;

/** What was said is filled; what only a rule's default says stands in a dashed edge. */
function Cell({
  cell: { purpose, channel, status, stated, source },
  onChange,
}: {
  cell: ConsentCell;
  onChange: () => void;
}) {
  const { t, format } = useLanguage();
  const { may } = useSession();
  const words = t("consent.cell", {
    purpose: t(`purpose.${purpose}`),
    channel: t(`channel.${channel}`),
    status: t(`consent.${status}`),
  });
  const why = stated
    ? t("consent.when", { status: t(`consent.${status}`), at: format.moment(stated.at), source: stated.source })
    : source
      ? t("consent.default", { status: t(`consent.${status}`), source })
      : t("consent.default.none", { status: t(`consent.${status}`) });
  return (
    <Tooltip label={why} multiline maw={280}>
      <UnstyledButton
        aria-label={words}
        disabled={!may("agent")}
        onClick={onChange}
        p={4}
        data-consent={status}
        style={lookOf(status)}
      >
        <Icon name={LOOKS[status].icon} size={18} />
      </UnstyledButton>
    </Tooltip>
  );
}

function lookOf(status: ConsentCell["status"]) {
  const { colour, isSaid } = LOOKS[status];
  const ink = colour === "gray" ? "var(--room-quiet)" : `var(--mantine-color-${colour}-light-color)`;
  return {
    borderRadius: 6,
    lineHeight: 0,
    color: ink,
    border: isSaid ? "1px solid transparent" : `1px dashed color-mix(in srgb, ${ink} 55%, transparent)`,
    background: isSaid ? `var(--mantine-color-${colour}-light)` : "transparent",
  };
}

function Legend() {
  const { t } = useLanguage();
  return (
    <Group gap="md" mt="xs">
      {(["granted", "withdrawn", "allowed", "barred"] as const).map((status) => (
        <Group key={status} gap={6} wrap="nowrap">
          <Box component="span" p={2} style={lookOf(status)} aria-hidden="true">
            <Icon name={LOOKS[status].icon} size={13} />
          </Box>
          <Text size="xs" className="quiet">
            {t(`consent.${status}`)}
          </Text>
        </Group>
      ))}
    </Group>
  );
}
