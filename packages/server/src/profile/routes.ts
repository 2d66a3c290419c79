import { randomUUID } from "node:crypto";
import {
  ConfirmClaim,
  ConsentChange,
  Customer,
  CustomerList,
  Forecasts,
  Timeline,
  Unmerge,
} from "@rapport/contract/api";
import type { Claim, Event } from "@rapport/contract/event";
import { countryOfZone, homeZone } from "@rapport/engine/contact/index";
import { normaliseEmail } from "@rapport/engine/identity/index";
import { addressesOf, phoneOf } from "@rapport/engine/loop/index";
import type { Profile } from "@rapport/engine/profile/index";
import type { FastifyRequest } from "fastify";
import { Type } from "typebox";

import { audited } from "../access/index.ts";
import { partitionOf } from "../partition/index.ts";
import { APART } from "../ingest/index.ts";
import { keepEvents, unsuppress } from "../message/index.ts";
import type { Clock } from "../platform/clock.ts";
import type { Database } from "../platform/database.ts";
import type { App } from "../platform/http/app.ts";
import { Cursor, pageOf, placeIn } from "../platform/http/cursor.ts";
import { Refused } from "../platform/http/problem.ts";
import type { Scenarios } from "../scenario/index.ts";
import { forecastsOf, identifiersIn, summaryOf, viewOf } from "./customer-view.ts";
import { searchCustomers } from "./search-customers.ts";
import { clusterOf, type CustomerRow, customersAfter, findCustomer, visitsClaiming } from "./store.ts";
import { readTimeline } from "./timeline.ts";

const PAGE = 50;
const MOST_VISITS = 20;
const Uuid = Type.String({ format: "uuid" });
const params = Type.Object({ customerId: Uuid });
const Home = Type.Tuple([Type.Integer({ minimum: 0, maximum: 63 }), Uuid]);
const reader = { access: { kind: "staff", role: "viewer", scope: "read" } } as const;
const writer = { access: { kind: "staff", role: "agent", scope: "admin" } } as const;

type Parts = { db: Database; clock: Clock; secret: string; scenarios: Scenarios; wakeResolver: () => void };

/** Customers: found, seen whole, and changed by events like any other. */
export function customerRoutes(app: App, { db, clock, secret, scenarios, wakeResolver }: Parts): void {
  const note = audited(db, clock);
  const found = async (customerId: string): Promise<CustomerRow> => {
    const row = await findCustomer(db, partitionOf(customerId), customerId);
    if (!row) throw new Refused("customer/not-found", "there is no such customer");
    return row;
  };

  app.get(
    "/api/customers",
    {
      config: reader,
      schema: {
        querystring: Type.Object(
          {
            q: Type.Optional(Type.String({ maxLength: 200 })),
            cursor: Type.Optional(Cursor),
          },
          { additionalProperties: false },
        ),
        response: { 200: CustomerList },
      },
    },
    async ({ query: { q, cursor } }) => {
      const asked = q?.trim() ?? "";
      if (asked.length > 0) {
        const found = await searchCustomers(db, asked, cursor, PAGE, countryOfZone(homeZone(scenarios.model().zones)));
        return { ...found, customers: found.customers.map(summaryOf) };
      }
      const [partition, customerId] = placeIn(Home, cursor, "cursor") ?? [0, "00000000-0000-0000-0000-000000000000"];
      const rows = await customersAfter(db, partition, customerId, PAGE + 1);
      const { shown, next } = pageOf(rows, PAGE, (last) => [last.partition, last.customerId]);
      return { customers: shown.map(summaryOf), cursor: next };
    },
  );

  app.get(
    "/api/customers/:customerId",
    { config: reader, schema: { params, response: { 200: Customer } } },
    async (request) => {
      const row = await found(request.params.customerId);
      const graph = await clusterOf(db, row.customerId);
      const visits = await visitsClaiming(db, row.customerId, identifiersIn(graph, row.customerId), MOST_VISITS);
      return viewOf(row, { graph, visits }, scenarios, clock.now());
    },
  );

  app.get(
    "/api/customers/:customerId/timeline",
    {
      config: reader,
      schema: {
        params,
        querystring: Type.Object(
          {
            before: Type.Optional(Cursor),
            channel: Type.Optional(Type.String({ maxLength: 20 })),
            kind: Type.Optional(Type.String({ maxLength: 20 })),
          },
          { additionalProperties: false },
        ),
        response: { 200: Timeline },
      },
    },
    async (request) => {
      const { customerId } = await found(request.params.customerId);
      const { before, channel, kind } = request.query;
      return readTimeline(db, { customerId, before, channel: channel ?? null, kind: kind ?? null }, PAGE);
    },
  );

  app.get(
    "/api/customers/:customerId/forecasts",
    { config: reader, schema: { params, response: { 200: Forecasts } } },
    async (request) => {
      return forecastsOf((await found(request.params.customerId)).state, scenarios, clock.now());
    },
  );

  app.post(
    "/api/customers/:customerId/consent",
    { config: writer, schema: { params, body: ConsentChange } },
    async (request, reply) => {
      const { customerId, state } = await found(request.params.customerId);
      const { body } = request;
      const properties = { ...body, source: `staff: ${body.source}` };
      const event = eventOf(customerId, { kind: "consent", name: "consent", properties });
      // A letter that nothing proves may have closed the address: whoever speaks with the customer may open it again.
      const address = addressesOf(state, scenarios.model().zones).email;
      if (body.status === "granted" && (body.channel === "email" || body.channel === "*") && address)
        await unsuppress(db, secret, { channel: "email", address }, [event]);
      else await keep([event]);
      await tell(request, "consent.changed", customerId, body);
      return reply.status(202).send();
    },
  );

  app.post(
    "/api/customers/:customerId/claims/confirm",
    { config: writer, schema: { params, body: ConfirmClaim } },
    async (request, reply) => {
      const { customerId, state } = await found(request.params.customerId);
      const { trait, value } = request.body;
      const claim = state.claimed?.[trait];
      if (!claim) throw new Refused("customer/not-found", "nothing of this name was claimed");
      if (JSON.stringify(claim.value) !== JSON.stringify(value))
        throw new Refused("customer/claim-changed", "something else was claimed since: look again");
      const traits = { [trait]: claim.value };
      const event = eventOf(customerId, { kind: "identify", name: "identify", traits });
      await keep([{ ...event, claims: [...event.claims, ...addressClaims(state, trait, claim.value)] }]);
      await tell(request, "customer.claim-confirmed", customerId, { trait });
      return reply.status(202).send();
    },
  );

  /** A confirmed address becomes the customer's own where nobody else has it: the resolver sees to that. */
  function addressClaims(profile: Profile, trait: string, stated: unknown): Claim[] {
    if (trait !== "email" && trait !== "phone") return [];
    const value =
      trait === "phone"
        ? phoneOf(profile, stated, scenarios.model().zones)
        : normaliseEmail(typeof stated === "string" ? stated : "");
    return value === null ? [] : [{ kind: trait, value }];
  }

  app.post(
    "/api/customers/:customerId/unmerge",
    { config: writer, schema: { params, body: Unmerge } },
    async (request, reply) => {
      const { customerId } = await found(request.params.customerId);
      const { from } = request.body;
      const graph = await clusterOf(db, customerId);
      if (!graph?.merges.some((merge) => merge.from === from && merge.into === customerId))
        throw new Refused("customer/not-found", "that customer was not merged into this one");
      const properties = { from, into: customerId };
      await keep([eventOf(customerId, { kind: "staff", name: APART, properties })]);
      await tell(request, "customer.unmerged", customerId, { from });
      return reply.status(202).send();
    },
  );

  const keep = (events: Event[]): Promise<void> => db.transaction((tx) => keepEvents(tx, events));

  async function tell(request: FastifyRequest, action: string, customerId: string, detail: unknown): Promise<void> {
    await note(request, action, customerId, detail);
    wakeResolver();
  }

  function eventOf(customerId: string, said: Pick<Event, "kind" | "name" | "properties" | "traits">): Event {
    const now = clock.now();
    return {
      id: randomUUID(),
      at: now,
      receivedAt: now,
      claims: [{ kind: "customer", value: customerId }],
      origin: "staff",
      source: "console",
      channel: "console",
      ...said,
    };
  }
}
