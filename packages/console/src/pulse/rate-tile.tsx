import { Box, Group, Text } from "@mantine/core";
import type { Pulse } from "@rapport/contract/api";

import { useLanguage } from "../language/use-language.tsx";
import { Sparkline } from "./sparkline.tsx";
import type { Rates } from "./use-pulse.ts";

/** How much of one thing happens each second, with the last minute and a half behind it. */
export function RateTile({ of, pulse, trail }: { of: keyof Rates; pulse: Pulse; trail: readonly Rates[] }) {
  const { t, format } = useLanguage();
  const rate = pulse.perSecond[of];
  return (
    <Box className="card" data-rate={of}>
      <Text size="sm" className="quiet">
        {t(`pulse.rate.${of}`)}
      </Text>
      <Group gap={6} align="baseline" mt={4}>
        <span className="figure">
          {rate >= 100 ? format.short(Math.round(rate)) : format.number(rate, rate >= 10 ? 1 : 2)}
        </span>
        <Text span size="xs" className="quiet">
          {t("pulse.perSecond")}
        </Text>
      </Group>
      <Sparkline values={trail.map((rates) => rates[of])} />
    </Box>
  );
}
