import { DecisionList, DecisionTold, PolicyList, type Title, WhatIf } from "@rapport/contract/api";
import { type DecisionRecord, type Policy, tellReason, type Reason, whatIf, why } from "@rapport/engine/decision/index";
import { foldStatus, type StatusEntry } from "@rapport/engine/message/index";
import type { Static } from "typebox";
import { Type } from "typebox";

import { partitionOf } from "../partition/index.ts";
import type { Database } from "../platform/database.ts";
import type { App } from "../platform/http/app.ts";
import { Cursor, LATEST_MICROS, Micros, pageOf, placeIn, timeOfMicros } from "../platform/http/cursor.ts";
import { Refused } from "../platform/http/problem.ts";
import type { Scenarios } from "../scenario/index.ts";
import { type DecisionRow, decisionsBefore, findDecision, type LedMessage, messageOf } from "./store.ts";

const PAGE = 50;
const Uuid = Type.String({ format: "uuid" });
const Place = Type.Tuple([Micros, Uuid]);
const LOWEST_UUID = "00000000-0000-0000-0000-000000000000";
const reader = { access: { kind: "staff", role: "viewer", scope: "read" } } as const;

/** Decisions: the list, one told in words, and what would have been decided otherwise. */
export function decisionRoutes(app: App, { db, scenarios }: { db: Database; scenarios: Scenarios }): void {
  const policies = () => scenarios.packs().flatMap((pack) => pack.policies);
  const policyOf = (name: string): Policy | undefined => policies().find((policy) => policy.name === name);
  const params = Type.Object({ customerId: Uuid, decisionId: Uuid });
  const found = async ({ customerId, decisionId }: { customerId: string; decisionId: string }) => {
    const row = await findDecision(db, partitionOf(customerId), customerId, decisionId);
    if (!row) throw new Refused("decision/not-found", "there is no such decision");
    return row;
  };

  app.get(
    "/api/decisions",
    {
      config: reader,
      schema: {
        querystring: Type.Object(
          {
            outcome: Type.Optional(Type.Union([Type.Literal("act"), Type.Literal("nothing")])),
            policy: Type.Optional(Type.String({ maxLength: 100 })),
            action: Type.Optional(Type.String({ maxLength: 100 })),
            customerId: Type.Optional(Uuid),
            before: Type.Optional(Cursor),
          },
          { additionalProperties: false },
        ),
        response: { 200: DecisionList },
      },
    },
    async ({ query: { outcome, policy, action, customerId, before } }) => {
      const customer = customerId ? { partition: partitionOf(customerId), customerId } : null;
      const [micros, id] = placeIn(Place, before, "before") ?? [LATEST_MICROS, LOWEST_UUID];
      const rows = await decisionsBefore(db, {
        customer,
        outcome: outcome ?? null,
        policy: policy ?? null,
        action: action ?? null,
        before: timeOfMicros(micros),
        id,
        limit: PAGE + 1,
      });
      const { shown, next } = pageOf(rows, PAGE, (last) => [last.micros, last.decisionId]);
      return { decisions: shown.map((row) => summaryOf(row, policyOf(row.record.policy.name))), before: next };
    },
  );

  app.get("/api/policies", { config: reader, schema: { response: { 200: PolicyList } } }, () => ({
    policies: policies().map(({ name, title, actions }) => ({
      name,
      title,
      actions: actions.map((action) => ({ name: action.name, title: action.title })),
    })),
  }));

  app.get(
    "/api/customers/:customerId/decisions/:decisionId",
    { config: reader, schema: { params, response: { 200: DecisionTold } } },
    async (request) => {
      const row = await found(request.params);
      const message = await messageOf(db, partitionOf(row.customerId), row.customerId, row.decisionId);
      return told(row, row.record, policyOf(row.record.policy.name), message);
    },
  );

  app.post(
    "/api/customers/:customerId/decisions/:decisionId/what-if",
    { config: reader, schema: { params, body: WhatIf, response: { 200: DecisionTold } } },
    async (request) => {
      const row = await found(request.params);
      const policy = policyOf(row.record.policy.name);
      if (!policy) throw new Refused("decision/not-found", "the policy of this decision is no longer installed");
      const { at, facts, consent, openComplaint } = request.body;
      const changes = {
        ...(at === undefined ? {} : { at }),
        ...(facts ? { facts } : {}),
        ...(consent ? { consent } : {}),
        ...(openComplaint === undefined ? {} : { openComplaint }),
      };
      return told(row, whatIf(policy, row.record, changes), policy, null);
    },
  );
}

/** An action's title as the installed policy has it; its name where it has none any more. */
const titleOf = (policy: Policy | undefined, action: string): Title =>
  policy?.actions.find((one) => one.name === action)?.title ?? { en: action };

function summaryOf(
  { decisionId, customerId, name, at, record }: DecisionRow,
  installed: Policy | undefined,
): Static<typeof DecisionList>["decisions"][number] {
  const { outcome, policy, event } = record;
  const acted = outcome.kind === "act" ? outcome : null;
  return {
    decisionId,
    customerId,
    customer: name,
    at: at.getTime(),
    policy: policy.name,
    policyTitle: installed?.title ?? { en: policy.name },
    policyVersion: policy.version,
    trigger: event ?? "",
    outcome: outcome.kind,
    action: acted?.action ?? null,
    actionTitle: acted && titleOf(installed, acted.action),
    item: acted?.item ?? null,
    channel: acted?.channel ?? null,
    reason: outcome.kind === "nothing" ? outcome.reason.code : null,
  };
}

function told(
  row: DecisionRow,
  record: DecisionRecord,
  policy: Policy | undefined,
  message: LedMessage | null,
): Static<typeof DecisionTold> {
  return {
    decisionId: row.decisionId,
    customerId: row.customerId,
    customer: row.name,
    at: record.at,
    policy: { ...record.policy, title: policy?.title ?? { en: record.policy.name }, currency: policy?.currency ?? "" },
    trigger: record.event,
    origin: record.origin ?? null,
    outcome: record.outcome,
    why: why(record).parts.map((part) => ({ ...part, text: tellReason(part) })),
    candidates: record.candidates.map((candidate) => ({
      ...candidate,
      title: titleOf(policy, candidate.action),
      ways: [...candidate.ways],
      removedBy: candidate.removedBy && {
        ...candidate.removedBy,
        text: tellReason(candidate.removedBy.reason as Reason),
      },
    })),
    unlisted: Object.values(record.unlisted).reduce((sum, count) => sum + count, 0),
    openComplaint: record.given.openComplaint,
    facts: flattened(record.given.facts),
    message: message && {
      messageId: message.messageId,
      channel: message.channel,
      address: message.address,
      status: foldStatus(message.log.map(entryOf))?.status ?? "planned",
      log: message.log,
      subject: message.detail?.subject ?? null,
      text: message.detail?.text ?? null,
    },
  };
}

const entryOf = ({ status, at }: LedMessage["log"][number]): StatusEntry => ({
  status: status as StatusEntry["status"],
  at,
  attempt: 1,
  reason: null,
});

/** Facts by path: what a what-if may name. Lists stay whole. */
function flattened(facts: Readonly<Record<string, unknown>>, prefix = ""): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(facts).flatMap(([name, value]) => {
      const path = prefix ? `${prefix}.${name}` : name;
      const isRecord = typeof value === "object" && value !== null && !Array.isArray(value);
      return isRecord ? Object.entries(flattened(value as Record<string, unknown>, path)) : [[path, value]];
    }),
  );
}
