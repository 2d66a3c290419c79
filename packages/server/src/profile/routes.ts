import { randomUUID } from "node:crypto";
import { ConsentChange, Customer, CustomerList, Forecasts, Timeline, Unmerge } from "@rapport/contract/api";
import type { Event } from "@rapport/contract/event";
import { addressesOf } from "@rapport/engine/loop/index";
import type { FastifyRequest } from "fastify";
import { Type } from "typebox";

import { appendAudit } from "../access/index.ts";
import { decisionEventsBefore, partitionOf } from "../partition/index.ts";
import { APART } from "../ingest/index.ts";
import { keepEvents, unsuppress } from "../message/index.ts";
import type { Clock } from "../platform/clock.ts";
import type { Database } from "../platform/database.ts";
import type { App } from "../platform/http/app.ts";
import { Refused } from "../platform/http/problem.ts";
import type { Scenarios } from "../scenario/index.ts";
import { forecastsOf, summaryOf, viewOf } from "./customer-view.ts";
import {
  clusterOf,
  type CustomerRow,
  customersAfter,
  customersByIdentifier,
  customersByName,
  findCustomer,
  timelineBefore,
} from "./store.ts";

const PAGE = 50;
const Uuid = Type.String({ format: "uuid" });
const params = Type.Object({ customerId: Uuid });
const reader = { access: { kind: "staff", role: "viewer", scope: "read" } } as const;
const writer = { access: { kind: "staff", role: "agent", scope: "admin" } } as const;

type Parts = { db: Database; clock: Clock; secret: string; scenarios: Scenarios; wakeResolver: () => void };

/** Customers: found, seen whole, and changed by events like any other. */
export function customerRoutes(app: App, { db, clock, secret, scenarios, wakeResolver }: Parts): void {
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
            cursor: Type.Optional(Type.String({ pattern: "^\\d{1,2}/[0-9a-f-]{36}$" })),
          },
          { additionalProperties: false },
        ),
        response: { 200: CustomerList },
      },
    },
    async ({ query: { q, cursor } }) => {
      const asked = q?.trim() ?? "";
      if (asked.length > 0) return { customers: (await search(asked)).map(summaryOf), cursor: null };
      const [partition = "0", customerId = "00000000-0000-0000-0000-000000000000"] = cursor?.split("/") ?? [];
      const rows = await customersAfter(db, Number(partition), customerId, PAGE);
      const last = rows.at(-1);
      return {
        customers: rows.map(summaryOf),
        cursor: rows.length === PAGE && last ? `${last.partition}/${last.customerId}` : null,
      };
    },
  );

  async function search(asked: string): Promise<CustomerRow[]> {
    if (/^[0-9a-f]{8}-[0-9a-f-]{27}$/i.test(asked)) {
      const row = await findCustomer(db, partitionOf(asked.toLowerCase()), asked.toLowerCase());
      return row ? [row] : [];
    }
    const number = asked.replace(/[\s()-]/g, "");
    const [byName, byIdentifier] = await Promise.all([
      customersByName(db, asked, PAGE),
      customersByIdentifier(db, /^\+?\d{3,}$/.test(number) ? number : asked.toLowerCase(), PAGE),
    ]);
    const all = new Map([...byIdentifier, ...byName].map((row) => [row.customerId, row]));
    return [...all.values()].slice(0, PAGE);
  }

  app.get(
    "/api/customers/:customerId",
    { config: reader, schema: { params, response: { 200: Customer } } },
    async (request) => {
      const row = await found(request.params.customerId);
      return viewOf(row, await clusterOf(db, row.customerId), scenarios, clock.now());
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
            before: Type.Optional(Type.String({ pattern: "^\\d{1,15}$" })),
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
      const page = {
        partition: partitionOf(customerId),
        customerId,
        before: before ? new Date(Number(before)) : new Date(8.64e15 / 2),
        channel: channel ?? null,
        kind: kind ?? null,
        limit: PAGE,
      };
      const events = [...(await timelineBefore(db, page)), ...(await decisionEventsBefore(db, page))];
      events.sort((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1));
      const shown = events.slice(0, PAGE);
      return { events: shown, before: events.length >= PAGE ? String(shown.at(-1)?.at) : null };
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
      // A letter that nothing proves may have closed the address: whoever speaks with the customer may open it again.
      const address = addressesOf(state, "US").email;
      if (body.status === "granted" && (body.channel === "email" || body.channel === "*") && address)
        await unsuppress(db, secret, { channel: "email", address }, []);
      await keep(
        request,
        customerId,
        { kind: "consent", name: "consent", properties: { ...body, source: `staff: ${body.source}` } },
        "consent.changed",
        body,
      );
      return reply.status(202).send();
    },
  );

  app.post(
    "/api/customers/:customerId/unmerge",
    { config: writer, schema: { params, body: Unmerge } },
    async (request, reply) => {
      const { customerId } = await found(request.params.customerId);
      const { from } = request.body;
      const graph = await clusterOf(db, customerId);
      if (!graph?.merges.some((merge) => merge.from === from && merge.into === customerId))
        throw new Refused("customer/not-found", "that customer was not merged into this one");
      await keep(
        request,
        customerId,
        { kind: "staff", name: APART, properties: { from, into: customerId } },
        "customer.unmerged",
        { from },
      );
      return reply.status(202).send();
    },
  );

  async function keep(
    request: FastifyRequest,
    customerId: string,
    given: Pick<Event, "kind" | "name" | "properties">,
    action: string,
    detail: unknown,
  ): Promise<void> {
    const now = clock.now();
    const claims = [{ kind: "customer", value: customerId }];
    const event: Event = {
      id: randomUUID(),
      at: now,
      receivedAt: now,
      claims,
      origin: "staff",
      source: "console",
      channel: "console",
      ...given,
    };
    await db.transaction((tx) => keepEvents(tx, [event]));
    await appendAudit(db, { at: new Date(now), actor: request.actor?.name ?? "", action, subject: customerId, detail });
    wakeResolver();
  }
}
