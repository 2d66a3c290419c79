import { Badge, Box, Group, Text } from "@mantine/core";
import type { DecisionTold } from "@rapport/contract/api";

import { useLanguage } from "../language/use-language.tsx";
import { Card } from "../ui/card.tsx";

/** The message that the decision led to, and how far it got. */
export function LedMessage({ message }: { message: DecisionTold["message"] }) {
  const { t, say, format } = useLanguage();
  if (!message)
    return (
      <Card title={t("decision.message")}>
        <Text size="sm" className="quiet">
          {t("decision.message.none")}
        </Text>
      </Card>
    );
  const { channel, address, status, log, subject, text } = message;
  return (
    <Card
      title={t("decision.message")}
      beside={
        <Badge variant="light" tt="none" miw="max-content" color={status === "failed" ? "brick" : "pine"}>
          {say(`status.${status}`) ?? status}
        </Badge>
      }
    >
      <Text size="xs" className="quiet name" mb="xs">
        {t("decision.message.to", { channel: say(`channel.${channel}`) ?? channel, address })}
      </Text>
      {(subject || text) && (
        <Box pl="sm" mb="sm" style={{ borderLeft: "3px solid var(--room-line)" }}>
          {subject && (
            <Text size="sm" fw={600} className="name">
              {subject}
            </Text>
          )}
          {text && (
            <Text size="sm" className="words">
              {text.trim()}
            </Text>
          )}
        </Box>
      )}
      {log.map(({ status: step, at }) => (
        <Group key={`${step} ${at}`} justify="space-between" py={1}>
          <Text size="sm">{say(`status.${step}`) ?? step}</Text>
          <Text size="xs" className="quiet">
            {format.moment(at)}
          </Text>
        </Group>
      ))}
    </Card>
  );
}
