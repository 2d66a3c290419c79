import { Box, Group, Text } from "@mantine/core";
import type { Pulse } from "@rapport/contract/api";

import { useLanguage } from "../language/use-language.tsx";
import { Card } from "../ui/card.tsx";
import { CustomerLink } from "../ui/customer-link.tsx";
import { HappeningIcon } from "../ui/happening-icon.tsx";
import { Moment } from "../ui/moment.tsx";
import { Empty } from "../ui/states.tsx";
import { tellHappening } from "../ui/tell-happening.ts";
import { useTitledHappening } from "../ui/use-policies.ts";

const SHOWN = 22;

/** What is happening now, newest first, in words. */
export function NowList({ happenings, at }: { happenings: Pulse["now"]; at: number }) {
  const { t, say } = useLanguage();
  const titledHappening = useTitledHappening();
  // What happened at one moment keeps its place from one second to the next.
  const ordered = happenings.toSorted((a, b) => b.at - a.at || (a.name < b.name ? -1 : 1));
  return (
    <Card title={t("pulse.now")} h="100%">
      {happenings.length === 0 && <Empty title={t("timeline.none")} help={t("pulse.now.empty")} />}
      <Box component="ol" m={0} p={0} style={{ listStyle: "none" }}>
        {ordered.slice(0, SHOWN).map((happening) => (
          <Box
            component="li"
            key={`${happening.at} ${happening.customerId} ${happening.kind} ${happening.name}`}
            py={5}
            className="arrives"
          >
            <Group gap={8} wrap="nowrap" align="flex-start">
              <Box pt={2} className="quiet">
                <HappeningIcon kind={happening.kind} channel={String(happening.detail.channel ?? happening.channel)} />
              </Box>
              <Text component="div" size="sm" lh={1.35} style={{ flex: 1, minWidth: 0 }} className="name">
                <CustomerLink customerId={happening.customerId} name={happening.customer} />{" "}
                <Text span size="xs" className="quiet">
                  <Moment at={happening.at} now={at} />
                </Text>
                <br />
                {tellHappening(titledHappening(happening), say)}
              </Text>
            </Group>
          </Box>
        ))}
      </Box>
    </Card>
  );
}
