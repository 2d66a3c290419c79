import { Alert, SimpleGrid, Stack, Text } from "@mantine/core";
import type { DecisionTold, WhatIf } from "@rapport/contract/api";

import { useLanguage } from "../language/use-language.tsx";
import { Icon } from "../ui/icon.tsx";
import { Failed, Loading } from "../ui/states.tsx";
import { headlineOf, Outcome } from "./outcome.tsx";
import { useWhatIf } from "./use-decision.ts";

/** The decision that was made beside the one that would have been. */
export function Supposition({ decision, question }: { decision: DecisionTold; question: WhatIf }) {
  const { t, titled } = useLanguage();
  const shown = useWhatIf({ customerId: decision.customerId, decisionId: decision.decisionId }, question);
  const isReady = shown?.state === "ready";
  const isOther = isReady && headlineOf(shown.decision, "", titled) !== headlineOf(decision, "", titled);
  return (
    <Stack gap="sm">
      {isReady && (
        <Alert
          color={isOther ? "amber" : "gray"}
          role="status"
          icon={<Icon name={isOther ? "look" : "well"} />}
          data-what-if={isOther ? "other" : "same"}
        >
          {t(isOther ? "whatIf.other" : "whatIf.same")}
        </Alert>
      )}
      <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="sm">
        <Stack gap={6}>
          <Text size="xs" fw={650} className="quiet">
            {t("whatIf.was")}
          </Text>
          <Outcome decision={decision} />
        </Stack>
        <Stack gap={6} aria-live="polite">
          <Text size="xs" fw={650} className="quiet">
            {t("whatIf.would")}
          </Text>
          {!shown && (
            <Text size="sm" className="quiet card">
              {t("whatIf.untouched")}
            </Text>
          )}
          {shown?.state === "loading" && <Loading rows={3} />}
          {shown?.state === "failed" && <Failed problem={shown.problem} retry={shown.retry} />}
          {isReady && <Outcome decision={shown.decision} />}
        </Stack>
      </SimpleGrid>
    </Stack>
  );
}
