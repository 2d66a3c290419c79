import { Box, Group, Stack, Text } from "@mantine/core";
import type { Forecast } from "@rapport/contract/api";

import { useLanguage } from "../language/use-language.tsx";

const SHOWN = 5;

/** The cheapest ways to go on, and always doing nothing, with what each would cost. */
export function Options({ options, currency }: { options: Forecast["options"]; currency: string }) {
  const { t, say, format } = useLanguage();
  const nothing = options.find(({ kind }) => kind === "nothing");
  const cheapest = options.slice(0, SHOWN);
  const shown = nothing && !cheapest.includes(nothing) ? [...cheapest, nothing] : cheapest;
  const dearest = Math.max(...shown.map(({ expectedCost }) => expectedCost), 1);
  return (
    <Box>
      <Text component="h3" className="card-title">
        {t("forecast.options")}
      </Text>
      <Text size="xs" className="quiet" mb="sm">
        {t("forecast.options.help")}
      </Text>
      <Stack gap={8}>
        {shown.map(({ kind, name, expectedCost, savingExpected }) => (
          <Box key={`${kind} ${name}`}>
            <Group justify="space-between" gap="xs" wrap="nowrap">
              <Text size="sm" fw={kind === "nothing" ? 400 : 550}>
                {say(`forecast.option.${kind}`, { name }) ?? name}
              </Text>
              <Text size="sm" ta="right" style={{ whiteSpace: "nowrap" }}>
                {savingExpected > 0 && (
                  <Text span size="xs" className="quiet" mr={8}>
                    {t("forecast.options.saves", { sum: format.money(savingExpected, currency) })}
                  </Text>
                )}
                {format.money(expectedCost, currency)}
              </Text>
            </Group>
            <div className="bar" aria-hidden="true">
              <span
                style={{
                  width: `${(expectedCost / dearest) * 100}%`,
                  background: kind === "nothing" ? "var(--mantine-color-gray-5)" : "var(--mantine-color-pine-filled)",
                }}
              />
            </div>
          </Box>
        ))}
      </Stack>
    </Box>
  );
}
