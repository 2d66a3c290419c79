import { Box, Group, SimpleGrid, Text } from "@mantine/core";
import type { Pulse } from "@rapport/contract/api";

import { useLanguage } from "../language/use-language.tsx";
import { Card } from "../ui/card.tsx";

/** How many events make a cell as dark as it gets. */
const DARKEST = 200;

/** What is waiting at each stage, and in which of the partitions. */
export function Lag({ lag }: { lag: Pulse["lag"] }) {
  const { t, format } = useLanguage();
  const oldest = lag.oldestMs > 1_000 ? t("pulse.lag.oldest", { age: format.span(lag.oldestMs) }) : null;
  return (
    <Card title={t("pulse.lag")} id="lag" beside={oldest && <Text size="xs">{oldest}</Text>}>
      <SimpleGrid cols={{ base: 1, sm: 3 }} spacing="sm" mb="md">
        {(["unresolved", "unapplied", "unsent"] as const).map((stage) => (
          <Group key={stage} gap="sm" wrap="nowrap" align="baseline">
            <Text fw={650} fz="lg" data-stage={stage}>
              {format.number(lag[stage])}
            </Text>
            <Text size="xs" className="quiet">
              {t(`pulse.lag.${stage}`)}
            </Text>
          </Group>
        ))}
      </SimpleGrid>
      <Text size="xs" className="quiet" mb={6}>
        {t("pulse.partitions")}. {t("pulse.partitions.help")}
      </Text>
      <div className="partitions">
        {lag.partitions.map((partition) => (
          <Cell key={partition.partition} {...partition} />
        ))}
      </div>
    </Card>
  );
}

function Cell({ partition, events, waitingMs, owner }: Pulse["lag"]["partitions"][number]) {
  const { t, format } = useLanguage();
  const share = Math.min(1, Math.log1p(events) / Math.log1p(DARKEST));
  const told = t("pulse.partition", { partition, waiting: events, owner: owner ?? t("pulse.partition.nobody") });
  const words = waitingMs > 1_000 ? `${told}. ${t("pulse.lag.oldest", { age: format.span(waitingMs) })}` : told;
  const ground = "light-dark(var(--mantine-color-pine-1), var(--mantine-color-pine-9))";
  return (
    <Box
      role="img"
      aria-label={words}
      title={words}
      className="partition"
      data-owned={owner !== null}
      style={{
        background:
          events === 0
            ? ground
            : `color-mix(in srgb, var(--mantine-color-amber-7) ${Math.round(30 + share * 70)}%, transparent)`,
      }}
    />
  );
}
