import { Box, Table, Tooltip, UnstyledButton } from "@mantine/core";
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
          {consentCells(customer.consent).map((row) => (
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
      <ChangeConsent customerId={customer.customerId} cell={changing} onClose={() => setChanging(null)} />
    </Card>
  );
}

const LOOKS = {
  granted: { icon: "consent", colour: "pine" },
  withdrawn: { icon: "withdrawn", colour: "brick" },
  unsaid: { icon: "unsaid", colour: "gray" },
} as const;

function Cell({ cell: { purpose, channel, stated }, onChange }: { cell: ConsentCell; onChange: () => void }) {
  const { t, format } = useLanguage();
  const { may } = useSession();
  const status = stated?.status ?? "unsaid";
  const { icon, colour } = LOOKS[status];
  const words = t("consent.cell", {
    purpose: t(`purpose.${purpose}`),
    channel: t(`channel.${channel}`),
    status: t(`consent.${status}`),
  });
  const when =
    stated &&
    t("consent.when", { status: t(`consent.${status}`), at: format.moment(stated.at), source: stated.source });
  return (
    <Tooltip label={when ?? words} multiline maw={280}>
      <UnstyledButton
        aria-label={words}
        disabled={!may("agent")}
        onClick={onChange}
        p={5}
        style={{ borderRadius: 6, lineHeight: 0 }}
        bg={stated ? `var(--mantine-color-${colour}-light)` : "transparent"}
        c={stated ? `var(--mantine-color-${colour}-light-color)` : "var(--room-quiet)"}
      >
        <Icon name={icon} size={18} />
      </UnstyledButton>
    </Tooltip>
  );
}
