import { Alert, Button, Grid, Stack, Tabs } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import type { Customer as CustomerSeen } from "@rapport/contract/api";
import { Link } from "@tanstack/react-router";

import { useSession } from "../hub/use-session.ts";
import { useLanguage } from "../language/use-language.tsx";
import { DecisionList } from "../ui/decision-list.tsx";
import { Icon } from "../ui/icon.tsx";
import { Room } from "../ui/room.tsx";
import { Failed, Loading } from "../ui/states.tsx";
import { Claims, hasClaims } from "./claims.tsx";
import { Consent } from "./consent.tsx";
import { ForecastCard } from "./forecast-card.tsx";
import { Ledger } from "./ledger.tsx";
import { Merges } from "./merges.tsx";
import { Reach } from "./reach.tsx";
import { Timeline } from "./timeline.tsx";
import { useCustomer } from "./use-customer.ts";
import type { TimelineFilter } from "./use-timeline.ts";
import { Traits, Who } from "./who.tsx";
import { WriteMessage } from "./write-message.tsx";

type View = TimelineFilter & { tab?: string };
type Look = (view: View) => void;

/** One customer, whole: who, what was agreed, how often we wrote, what will come, and everything that happened. */
export function Customer({ customerId, view, onLook }: { customerId: string; view: View; onLook: Look }) {
  const { t } = useLanguage();
  const shown = useCustomer(customerId);
  switch (shown.state) {
    case "loading":
      return (
        <Room title={t("room.customers")}>
          <Loading rows={9} />
        </Room>
      );
    case "failed":
      return (
        <Room title={t("room.customers")}>
          <Failed problem={shown.problem} retry={shown.retry} />
        </Room>
      );
    case "ready":
      return <CustomerView customer={shown.customer} view={view} onLook={onLook} />;
  }
}

/** Who complains is helped first: it is told before anything else. */
function OpenComplaints({ complaints }: Pick<CustomerSeen, "complaints">) {
  const { t, format } = useLanguage();
  const since = complaints[0]?.since ?? 0;
  const numbers = complaints.flatMap(({ number }) => (number ? [number] : [])).join(", ");
  return (
    <Alert
      color="amber"
      icon={<Icon name="look" />}
      title={t("customer.complaints", { count: complaints.length, since: format.moment(since) })}
      data-complaints={complaints.length}
    >
      {numbers && `${numbers} · `}
      {t("customer.complaints.hush")}
    </Alert>
  );
}

function CustomerView({ customer, view, onLook }: { customer: CustomerSeen; view: View; onLook: Look }) {
  const { t } = useLanguage();
  const { may } = useSession();
  const [isWriting, { open, close }] = useDisclosure(false);
  const { customerId, mergedInto } = customer;
  const name = customer.name ?? t("customer.unnamed");
  return (
    <Room
      title={name}
      lead={<Who customer={customer} />}
      deeds={
        may("agent") && (
          <Button leftSection={<Icon name="write" size={16} />} onClick={open}>
            {t("customer.write")}
          </Button>
        )
      }
    >
      {mergedInto && (
        <Alert color="amber" icon={<Icon name="merge" />}>
          {t("customer.merged")}{" "}
          <Link to="/customers/$customerId" params={{ customerId: mergedInto }} className="customer-link">
            {t("customer.merged.look")}
          </Link>
        </Alert>
      )}
      {customer.complaints.length > 0 && <OpenComplaints complaints={customer.complaints} />}
      <Grid gap="md">
        <Grid.Col span={{ base: 12, md: 8 }}>
          <Stack gap="md">
            <ForecastCard customerId={customerId} />
            <Tabs
              value={view.tab ?? "timeline"}
              onChange={(tab) => onLook(tab === "decisions" ? { tab } : {})}
              keepMounted={false}
            >
              <Tabs.List mb="md">
                <Tabs.Tab value="timeline">{t("timeline.title")}</Tabs.Tab>
                <Tabs.Tab value="decisions">{t("room.decisions")}</Tabs.Tab>
              </Tabs.List>
              <Tabs.Panel value="timeline">
                <Timeline customerId={customerId} filter={view} onFilter={onLook} />
              </Tabs.Panel>
              <Tabs.Panel value="decisions">
                <DecisionList filters={{ customerId }} hasCustomer />
              </Tabs.Panel>
            </Tabs>
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 4 }}>
          <Stack gap="md">
            <Traits customer={customer} />
            {hasClaims(customer) && <Claims customer={customer} />}
            <Consent customer={customer} />
            {customer.reach.length > 0 && <Reach reach={customer.reach} />}
            <Ledger ledger={customer.ledger} />
            {customer.merges.length > 0 && <Merges customer={customer} />}
          </Stack>
        </Grid.Col>
      </Grid>
      <WriteMessage customer={customer} opened={isWriting} onClose={close} />
    </Room>
  );
}
