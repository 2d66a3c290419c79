import { Avatar, Grid, Group, Text } from "@mantine/core";
import type { CustomerSummary } from "@rapport/contract/api";
import { Link } from "@tanstack/react-router";

import { useLanguage } from "../language/use-language.tsx";
import { Moment } from "../ui/moment.tsx";

/** One customer in the list, a link as a whole. */
export function CustomerRow({
  customer: { customerId, name, email, phone, lastSeenAt, events },
}: {
  customer: CustomerSummary;
}) {
  const { t } = useLanguage();
  return (
    <Link to="/customers/$customerId" params={{ customerId }} className="row-link" data-row>
      <Grid gap="xs" align="center" px="md" py={9}>
        <Grid.Col span={{ base: 12, sm: 5 }}>
          <Group gap="sm" wrap="nowrap">
            <Avatar size={32} color="pine" name={name ?? "?"} alt="" />
            <Text fw={550} className="name" miw={0}>
              {name ?? t("customer.unnamed")}
            </Text>
          </Group>
        </Grid.Col>
        <Grid.Col span={{ base: 7, sm: 4 }}>
          <Text size="sm" className="quiet name">
            {[email, phone].filter(Boolean).join(" · ")}
          </Text>
        </Grid.Col>
        <Grid.Col span={{ base: 5, sm: 3 }} ta="right">
          <Text size="sm" className="quiet">
            <Moment at={lastSeenAt} /> · {t("customer.events", { count: events })}
          </Text>
        </Grid.Col>
      </Grid>
    </Link>
  );
}
