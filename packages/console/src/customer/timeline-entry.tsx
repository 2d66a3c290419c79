import { Badge, Box, Code, Collapse, Group, Text, UnstyledButton } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import type { Event } from "@rapport/contract/event";
import { PROVEN } from "@rapport/contract/origin";
import { Link } from "@tanstack/react-router";

import { useLanguage } from "../language/use-language.tsx";
import { HappeningIcon } from "../ui/happening-icon.tsx";
import { decisionOf, tellHappening } from "../ui/tell-happening.ts";
import { useTitledHappening } from "../ui/use-policies.ts";
import type { Run } from "./timeline-runs.ts";

type Shown = { run: Run; after: Event | null; customerId: string };

/** One event told in words, under its day when it is the first of it; a press shows the rest. */
export function TimelineEntry({ run: { event, alike }, after, customerId }: Shown) {
  const { t, say, format } = useLanguage();
  const [opened, { toggle }] = useDisclosure(false);
  const titledHappening = useTitledHappening();
  const happening = { ...event, detail: event.properties ?? {} };
  const channel = String(happening.detail.channel ?? event.channel);
  const decisionId = decisionOf(happening);
  const isOfNewDay = after === null || format.date(after.at) !== format.date(event.at);
  const isLoud =
    event.kind === "message" || event.kind === "reply" || event.kind === "decision" || event.kind === "consent";
  return (
    <Box>
      {isOfNewDay && (
        <Text size="xs" fw={650} className="quiet" pt="sm" pb={4}>
          {format.date(event.at)}
        </Text>
      )}
      <Group gap="sm" wrap="nowrap" align="flex-start" py={3}>
        <Text size="xs" className="quiet" pt={3} title={format.moment(event.at)}>
          {format.clock(event.at)}
        </Text>
        <Box pt={2} c={isLoud ? "var(--mantine-color-pine-text)" : "var(--room-quiet)"}>
          <HappeningIcon kind={event.kind} channel={channel} />
        </Box>
        <Box style={{ flex: 1, minWidth: 0 }}>
          <UnstyledButton onClick={toggle} aria-expanded={opened} w="100%">
            <Text size="sm" fw={isLoud ? 550 : 400} className="name">
              {tellHappening(titledHappening(happening), say)}
              {isUnproven(event) && (
                <Badge size="xs" variant="outline" color="amber" ml={8} tt="none">
                  {t(`origin.${event.causedBy ?? event.origin}`)}
                </Badge>
              )}
              {alike.length > 0 && (
                <Text span size="xs" className="quiet" ml={8}>
                  {t("timeline.alike", { count: alike.length })}
                </Text>
              )}
            </Text>
          </UnstyledButton>
          <Collapse expanded={opened}>
            <Detail event={event} />
            {alike.map((one) => (
              <Text key={one.id} size="xs" className="name">
                <span className="quiet">{format.clock(one.at)}</span>{" "}
                {tellHappening(titledHappening({ ...one, detail: one.properties ?? {} }), say)}
              </Text>
            ))}
          </Collapse>
        </Box>
        {decisionId && (
          <Link
            to="/customers/$customerId/decisions/$decisionId"
            params={{ customerId, decisionId }}
            className="customer-link"
            data-row
          >
            <Text span size="xs">
              {t("timeline.why")}
            </Text>
          </Link>
        )}
      </Group>
    </Box>
  );
}

/** What nothing proves is marked where it stands: no one should take it for the customer's or the company's word. */
const isUnproven = ({ origin, causedBy = origin }: Event): boolean => !PROVEN.includes(causedBy);

function Detail({ event: { properties = {}, source, origin, causedBy } }: { event: Event }) {
  const { t } = useLanguage();
  const said = t(`origin.${causedBy ?? origin}`);
  const { text, ...rest } = properties;
  return (
    <Box py={6}>
      {origin === "claimed-person" && (
        <Text size="xs" mb={6}>
          {t("timeline.unproven.help")}
        </Text>
      )}
      {typeof text === "string" && (
        <Text size="sm" className="words" pl="sm" mb={6} style={{ borderLeft: "3px solid var(--room-line)" }}>
          {text}
        </Text>
      )}
      {Object.entries({ ...rest, [t("timeline.origin")]: said, [t("timeline.source")]: source }).map(
        ([name, value]) => (
          <Text key={name} size="xs" className="name">
            <span className="quiet">{name}</span>{" "}
            {typeof value === "object" ? <Code>{JSON.stringify(value)}</Code> : String(value)}
          </Text>
        ),
      )}
    </Box>
  );
}
