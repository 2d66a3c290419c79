import { Grid, SimpleGrid, Stack } from "@mantine/core";

import { useLanguage } from "../language/use-language.tsx";
import { Room } from "../ui/room.tsx";
import { Failed, Loading } from "../ui/states.tsx";
import { DeadLettersCard, Gateways } from "./gateways.tsx";
import { HealthLine } from "./health-line.tsx";
import { HourChart } from "./hour-chart.tsx";
import { Lag } from "./lag.tsx";
import { NowList } from "./now-list.tsx";
import { PausedPolicies } from "./paused-policies.tsx";
import { RateTile } from "./rate-tile.tsx";
import { type LivePulse, usePulse } from "./use-pulse.ts";

/** What is going on in the whole installation, live. */
export function Pulse() {
  const { t } = useLanguage();
  const shown = usePulse();
  return (
    <Room
      title={t("room.pulse")}
      lead={shown.state === "ready" ? t("pulse.customers", { count: shown.pulse.customers }) : null}
    >
      {shown.state === "loading" && <Loading rows={8} />}
      {shown.state === "failed" && <Failed problem={shown.problem} retry={shown.retry} />}
      {shown.state === "ready" && <PulseView {...shown} />}
    </Room>
  );
}

function PulseView({ pulse, trail, isLive }: LivePulse) {
  return (
    <>
      <HealthLine pulse={pulse} isLive={isLive} />
      {pulse.paused.length > 0 && <PausedPolicies paused={pulse.paused} />}
      <SimpleGrid cols={{ base: 2, md: 4 }} spacing="md">
        <RateTile of="accepted" pulse={pulse} trail={trail} />
        <RateTile of="applied" pulse={pulse} trail={trail} />
        <RateTile of="decided" pulse={pulse} trail={trail} />
        <RateTile of="handedOff" pulse={pulse} trail={trail} />
      </SimpleGrid>
      <Grid gap="md">
        <Grid.Col span={{ base: 12, lg: 8 }}>
          <Stack gap="md">
            <HourChart minutes={pulse.minutes} at={pulse.at} />
            <Lag lag={pulse.lag} />
            <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="md">
              <Gateways gateways={pulse.gateways} />
              <DeadLettersCard count={pulse.deadLetters} fresh={pulse.newDeadLetters} />
            </SimpleGrid>
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 4 }}>
          <NowList happenings={pulse.now} at={pulse.at} />
        </Grid.Col>
      </Grid>
    </>
  );
}
