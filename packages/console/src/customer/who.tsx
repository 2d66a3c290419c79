import { Badge, Group, Text } from "@mantine/core";
import type { Customer } from "@rapport/contract/api";

import { useLanguage } from "../language/use-language.tsx";
import { Card } from "../ui/card.tsx";
import { Moment } from "../ui/moment.tsx";

/** The line under the name: how to reach, where, since when. */
export function Who({
  customer: { email, phone, zone, locale, firstSeenAt, lastSeenAt, events },
}: {
  customer: Customer;
}) {
  const { t, format } = useLanguage();
  return (
    <Group gap={6} className="name">
      {[email, phone, zone?.replaceAll("_", " "), locale].filter(Boolean).map((part) => (
        <span key={part}>{part} ·</span>
      ))}
      <span>
        {t("customer.since", { date: format.date(firstSeenAt) })} · {t("customer.events", { count: events })} ·{" "}
        <Moment at={lastSeenAt} />
      </span>
    </Group>
  );
}

/** What is known, from whom and since when; and what the customer is known by. */
export function Traits({ customer: { traits, identifiers } }: { customer: Customer }) {
  const { t, say, format } = useLanguage();
  const known = Object.entries(traits).toSorted(([a], [b]) => a.localeCompare(b));
  return (
    <Card title={t("customer.traits")}>
      {known.length === 0 && (
        <Text size="sm" className="quiet">
          {t("customer.traits.none")}
        </Text>
      )}
      {known.map(([name, { value, at, by }]) => (
        <Group
          key={name}
          justify="space-between"
          wrap="nowrap"
          gap="sm"
          py={3}
          title={t("customer.trait.from", { at: format.moment(at), by })}
        >
          <Text size="sm" className="quiet">
            {name}
          </Text>
          <Text size="sm" ta="right" className="name" miw={0}>
            {typeof value === "object" ? JSON.stringify(value) : String(value)}
            <Text span size="xs" className="quiet" ml={6}>
              <Moment at={at} />
            </Text>
          </Text>
        </Group>
      ))}
      <Text component="h3" className="card-title" mt="md" mb={6}>
        {t("customer.identifiers")}
      </Text>
      <Group gap={6}>
        {identifiers.map(({ kind, value }) => (
          <Badge key={`${kind} ${value}`} variant="light" color="gray" tt="none" fw={500} size="lg" maw="100%">
            <span className="quiet">{say(`customer.identifier.${kind}`) ?? kind}</span> {value}
          </Badge>
        ))}
      </Group>
    </Card>
  );
}
