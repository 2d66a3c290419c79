import { Box, Group, List, Text } from "@mantine/core";
import type { DecisionTold, Title } from "@rapport/contract/api";

import { useLanguage } from "../language/use-language.tsx";
import { ChannelIcon } from "../ui/happening-icon.tsx";
import { Icon } from "../ui/icon.tsx";
import { tellerOf, tellSentence } from "./tell-reason.ts";
import { isOfOtherKind, ruledOutOf } from "./weighed.ts";

/** What was decided, and the reasons in sentences. */
export function Outcome({ decision }: { decision: DecisionTold }) {
  const { t, say, titled, format } = useLanguage();
  const { outcome, candidates } = decision;
  const didAct = outcome.kind === "act";
  return (
    <Box component="section" className="card" data-outcome={outcome.kind}>
      <Group gap="sm" wrap="nowrap" align="flex-start">
        <Box pt={4} c={didAct ? "var(--mantine-color-pine-text)" : "var(--room-quiet)"}>
          {didAct ? <ChannelIcon channel={outcome.channel} size={24} /> : <Icon name="unsaid" size={24} />}
        </Box>
        <Box miw={0}>
          <Text component="h2" fz="1.2rem" fw={650} className="name">
            {headlineOf(decision, t("decision.silent"), titled)}
          </Text>
          {didAct && (
            <Text size="sm" className="quiet">
              {t("decision.by", {
                channel: say(`channel.${outcome.channel}`) ?? outcome.channel,
                at: format.moment(outcome.at),
              })}{" "}
              · {say(`purpose.${outcome.purpose}`) ?? outcome.purpose} ·{" "}
              {t("decision.worth", { score: format.number(outcome.score) })}
            </Text>
          )}
          <Text component="h3" className="card-title" mt="sm" mb={4}>
            {t("decision.because")}
          </Text>
          <Because decision={decision} none={t("decision.why.none", { count: candidates.length })} />
        </Box>
      </Group>
    </Box>
  );
}

function Because({ decision, none }: { decision: DecisionTold; none: string }) {
  const language = useLanguage();
  const teller = tellerOf(decision, language);
  const { outcome, why, candidates } = decision;
  const nobodyFits = outcome.kind === "nothing" && outcome.reason.code === "not-eligible";
  // When nothing fitted, one condition is no reason; what barred each sort of candidate is.
  const sentences = nobodyFits
    ? [
        none,
        ...ruledOutOf(candidates)
          .filter((one) => !isOfOtherKind(one))
          .slice(0, 3)
          .map(
            ({ title, removedBy }) =>
              `${language.titled(title)}: ${tellSentence(removedBy.reason, removedBy.text, teller)}`,
          ),
      ]
    : why
        .filter(({ code }) => code !== "nothing" && !code.startsWith("chosen"))
        .map((part) => tellSentence(part, part.text, teller));
  return (
    <List size="sm" spacing={4} className="name">
      {sentences.map((sentence) => (
        <List.Item key={sentence}>{sentence}</List.Item>
      ))}
    </List>
  );
}

/** The chosen action by its title, with its option; or that nothing was sent. */
export function headlineOf(
  { outcome, candidates }: DecisionTold,
  silent: string,
  titled: (title: Title) => string,
): string {
  if (outcome.kind === "nothing") return silent;
  const found = candidates.find(({ action }) => action === outcome.action);
  const title = found ? titled(found.title) : outcome.action;
  return outcome.item ? `${title}: ${outcome.item}` : title;
}
