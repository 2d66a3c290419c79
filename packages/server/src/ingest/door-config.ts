import { Accepted, Batch, CALLS, type CallName, CloudEvent, CloudEventHeaders } from "@rapport/contract/ingest-api";
import type { FastifyContextConfig } from "fastify";
import { Type } from "typebox";

type Described = NonNullable<FastifyContextConfig["described"]>;

/** A door that a write key opens, with what it takes: it reads its own bytes, so nothing of this is checked beforehand. */
const opened = (described: Described) => ({ config: { access: { kind: "write-key" as const }, described } });
const ofType = (type: string, schema: unknown) => ({ content: { [type]: { schema } } });
const accepted = { 200: { description: "the events are committed", ...ofType("application/json", Accepted) } };

/** `writeKey` in the address, for what can send it nowhere else. */
const keyInAddress = Type.Object({ writeKey: Type.Optional(Type.String()) });
const image = {
  200: { description: "the event is committed", ...ofType("image/gif", Type.String({ format: "binary" })) },
};

export const callDoor = (call: CallName) =>
  opened({ body: ofType("application/json", CALLS[call]), response: accepted });
export const batchDoor = opened({ body: ofType("application/json", Batch), response: accepted });
export const beaconDoor = opened({ ...batchDoor.config.described, querystring: keyInAddress });
export const webhookDoor = opened({
  querystring: keyInAddress,
  body: ofType("application/json", Type.Unknown()),
  response: accepted,
});
export const cloudEventsDoor = opened({
  headers: CloudEventHeaders,
  body: {
    content: {
      "application/cloudevents+json": { schema: CloudEvent },
      "application/cloudevents-batch+json": { schema: Type.Array(CloudEvent) },
      "application/json": { schema: Type.Unknown({ description: "binary mode: the data; attributes as ce- headers" }) },
    },
  },
  response: { 202: { description: "the events are committed" } },
});
export const pathsPixelDoor = opened({
  querystring: Type.Object({
    writeKey: Type.Optional(Type.String()),
    anonymousId: Type.Optional(Type.String()),
    userId: Type.Optional(Type.String()),
    event: Type.Optional(Type.String()),
    name: Type.Optional(Type.String()),
  }),
  response: image,
});
export const dataPixelDoor = opened({
  querystring: Type.Object({ data: Type.Optional(Type.String({ description: "the call as JSON, in base64" })) }),
  response: image,
});
