import { Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import type { SmsPreview } from "@rapport/contract/api";
import { keepPreviousData, useQuery } from "@tanstack/react-query";

import { ask } from "../hub/ask.ts";
import { useLanguage } from "../language/use-language.tsx";

/** In how many messages a text goes to the phone, what they cost, and which letters make them more. */
export function SmsSize({ text }: { text: string }) {
  const { t, format } = useLanguage();
  const [settled] = useDebouncedValue(text, 300);
  const { data: size } = useQuery({
    queryKey: ["sms-size", settled],
    queryFn: ({ signal }) =>
      ask<SmsPreview>("/api/messages/preview", { method: "POST", body: { text: settled }, signal }),
    placeholderData: keepPreviousData,
  });
  if (!size) return null;
  const { parts, left, unlike, cost } = size;
  return (
    <Text size="xs" className="quiet" role="status">
      {t("message.parts", { count: parts, left: Math.max(0, left) })}
      {cost && ` · ${format.money(cost.amount, cost.currency)}`}
      {unlike.length > 0 && parts > 1 && ` · ${t("message.unlike", { letters: unlike.join(" ") })}`}
    </Text>
  );
}
