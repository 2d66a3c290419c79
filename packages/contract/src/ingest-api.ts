import { type Static, Type } from "typebox";

const Anything = Type.Record(Type.String(), Type.Unknown());
const Time = Type.Union([Type.String({ format: "date-time" }), Type.Number()]);
const Text = Type.String({ maxLength: 255 });

/** What each call of the Segment API may say. `userId` or `anonymousId` (or a trait that identifies) must be given. */
const common = {
  messageId: Type.Optional(Text),
  anonymousId: Type.Optional(Text),
  userId: Type.Optional(Type.Union([Text, Type.Number()])),
  timestamp: Type.Optional(Time),
  originalTimestamp: Type.Optional(Time),
  sentAt: Type.Optional(Time),
  context: Type.Optional(Anything),
  /** Chooses among destinations that calls are sent on to. The hub has none, and hears the call whatever is said. */
  integrations: Type.Optional(Anything),
  /** Where the key cannot be sent as Basic or bearer. */
  writeKey: Type.Optional(Type.String()),
};
const MergeProperty = Type.Object({ type: Type.String(), value: Type.String() });

/** The calls by name, each with what it needs beside the common fields. Fields that are not named here are not read. */
export const CALLS = {
  identify: Type.Object({ ...common, traits: Type.Optional(Anything) }),
  track: Type.Object({ ...common, event: Type.String({ maxLength: 255 }), properties: Type.Optional(Anything) }),
  page: Type.Object({
    ...common,
    name: Type.Optional(Text),
    category: Type.Optional(Type.String()),
    properties: Type.Optional(Anything),
  }),
  screen: Type.Object({
    ...common,
    name: Type.Optional(Text),
    category: Type.Optional(Type.String()),
    properties: Type.Optional(Anything),
  }),
  group: Type.Object({ ...common, groupId: Type.Union([Text, Type.Number()]), traits: Type.Optional(Anything) }),
  alias: Type.Object({ ...common, previousId: Type.Union([Text, Type.Number()]) }),
  merge: Type.Object({ ...common, mergeProperties: Type.Array(MergeProperty, { minItems: 2, maxItems: 2 }) }),
};
export type CallName = keyof typeof CALLS;

/** Calls in their order, each with its `type`; `context` and `integrations` are merged into each. */
export const Batch = Type.Object({
  batch: Type.Array(
    Type.Union(
      Object.entries(CALLS).map(([name, call]) => Type.Object({ type: Type.Literal(name), ...call.properties })),
    ),
  ),
  context: Type.Optional(Anything),
  integrations: Type.Optional(Anything),
  sentAt: Type.Optional(Time),
  writeKey: Type.Optional(Type.String()),
});

/** CloudEvents 1.0. `subject` says whom the event is about. */
export const CloudEvent = Type.Object({
  specversion: Type.Literal("1.0"),
  id: Type.String(),
  source: Type.String(),
  type: Type.String(),
  subject: Type.Optional(Type.String()),
  time: Type.Optional(Type.String({ format: "date-time" })),
  datacontenttype: Type.Optional(Type.String()),
  dataschema: Type.Optional(Type.String()),
  data: Type.Optional(Type.Unknown()),
});
export type CloudEvent = Static<typeof CloudEvent>;

/** The attributes of an event in CloudEvents' binary mode, whose body is its data. */
export const CloudEventHeaders = Type.Object({
  "ce-specversion": Type.Optional(Type.Literal("1.0")),
  "ce-id": Type.Optional(Type.String()),
  "ce-source": Type.Optional(Type.String()),
  "ce-type": Type.Optional(Type.String()),
  "ce-subject": Type.Optional(Type.String()),
  "ce-time": Type.Optional(Type.String()),
});

/** What the ingest doors answer when the events are committed. */
export const Accepted = Type.Object({ success: Type.Literal(true) });
