import { Box, Grid, SegmentedControl, Text } from "@mantine/core";
import type { Forecast } from "@rapport/contract/api";
import { useState } from "react";

import { useLanguage } from "../language/use-language.tsx";
import { Card } from "../ui/card.tsx";
import { Empty, Failed, Loading } from "../ui/states.tsx";
import { ForecastChart } from "./forecast-chart.tsx";
import { chanceOf } from "./forecast-words.ts";
import { Options } from "./options.tsx";
import { useForecasts } from "./use-forecasts.ts";

/** What the running cycle will probably come to, and what each way to go on would cost. */
export function ForecastCard({ customerId }: { customerId: string }) {
  const { t, say } = useLanguage();
  const shown = useForecasts(customerId);
  const [name, setName] = useState("");
  if (shown.state === "loading") return <Loading rows={4} />;
  if (shown.state === "failed") return <Failed problem={shown.problem} retry={shown.retry} />;
  const { forecasts, currency } = shown;
  const forecast = forecasts.find((one) => one.name === name) ?? forecasts[0];
  if (!forecast)
    return (
      <Card title={t("forecast.title")}>
        <Empty title={t("forecast.none")} help={t("forecast.none.help")} />
      </Card>
    );
  const choices = forecasts.map((one) => ({ value: one.name, label: say(`forecast.name.${one.name}`) ?? one.name }));
  return (
    <Card
      title={t("forecast.title")}
      beside={
        choices.length > 1 && <SegmentedControl size="xs" value={forecast.name} onChange={setName} data={choices} />
      }
    >
      <ForecastWords forecast={forecast} />
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, lg: 7.5 }}>
          <ForecastChart forecast={forecast} />
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 4.5 }}>
          <Options options={forecast.options} currency={currency} />
        </Grid.Col>
      </Grid>
    </Card>
  );
}

/** The picture in two sentences, for those who have no time for it. */
function ForecastWords({ forecast }: { forecast: Forecast }) {
  const { t, format } = useLanguage();
  const { median, low80, high80, unit, cycle, allowance, plan, probabilityAbove } = forecast;
  const chance = chanceOf(forecast);
  const says = t("forecast.says", {
    // The cycle is told in whole days; its end is the midnight after the last one.
    date: format.date(cycle.to - 86_400_000 / 2),
    median: format.usage(median, unit),
    low: format.usage(low80, unit),
    high: format.usage(high80, unit),
  });
  return (
    <Box mb="sm">
      <Text size="sm">
        {says}{" "}
        {allowance !== null && plan !== null && t("forecast.plan", { plan, allowance: format.usage(allowance, unit) })}{" "}
        {chance !== null && (
          <Text span fw={650}>
            {t(`forecast.chance.${chance}`, { percent: format.percent(probabilityAbove ?? 0) })}
          </Text>
        )}
      </Text>
    </Box>
  );
}
