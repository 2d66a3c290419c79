import { Button, Group, Stack, Text } from "@mantine/core";
import type { Pulse } from "@rapport/contract/api";
import { useState } from "react";

import { useSession } from "../hub/use-session.ts";
import { useLanguage } from "../language/use-language.tsx";
import { Card } from "../ui/card.tsx";
import { Confirm } from "../ui/confirm.tsx";
import { usePolicyTitle } from "../ui/use-policies.ts";
import { type PausedDeed, usePausedDeed } from "./use-paused-deed.ts";

/** Policies that wrote to many more people than ever: what each did, and what a manager does about it. */
export function PausedPolicies({ paused }: { paused: Pulse["paused"] }) {
  const { t } = useLanguage();
  return (
    <Card title={t("pulse.paused")} help={t("pulse.paused.help")} id="paused">
      <Stack gap="md">
        {paused.map((one) => (
          <PausedPolicy key={one.policy} {...one} />
        ))}
      </Stack>
    </Card>
  );
}

function PausedPolicy({ policy, since, sent, most, waiting }: Pulse["paused"][number]) {
  const { t, format } = useLanguage();
  const { may } = useSession();
  const title = usePolicyTitle()(policy);
  const [asked, setAsked] = useState<PausedDeed | null>(null);
  const { does, isBusy, problem, reset } = usePausedDeed(policy);
  const close = () => {
    setAsked(null);
    reset();
  };
  const shown = asked ?? "resume";
  return (
    <Group justify="space-between" align="flex-start" data-paused={policy}>
      <div style={{ minWidth: 0, flex: "1 1 18rem" }}>
        <Text size="sm" fw={600} className="name">
          {title}
        </Text>
        <Text size="sm">
          {most === 0
            ? t("pulse.paused.first", { count: sent, at: format.moment(since) })
            : t("pulse.paused.sent", { count: sent, most, at: format.moment(since) })}
        </Text>
        <Text size="sm" className="quiet">
          {t("pulse.paused.waiting", { count: waiting })}
        </Text>
      </div>
      {may("manager") && (
        <Group gap="xs">
          <Button size="xs" variant="light" onClick={() => setAsked("resume")}>
            {t("pulse.paused.resume")}
          </Button>
          <Button size="xs" variant="default" onClick={() => setAsked("discard")}>
            {t("pulse.paused.discard")}
          </Button>
        </Group>
      )}
      <Confirm
        opened={asked !== null}
        question={t(`pulse.paused.${shown}.ask`, { policy: title })}
        explanation={t(`pulse.paused.${shown}.explain`, { count: waiting, sent })}
        deed={t(`pulse.paused.${shown}`)}
        isBusy={isBusy}
        problem={problem}
        onClose={close}
        onDo={() => does(shown, close)}
      />
    </Group>
  );
}
