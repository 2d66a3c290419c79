import { type Static, Type } from "typebox";

/** Epoch milliseconds. */
export const At = Type.Number({ description: "epoch milliseconds" });
export const Id = Type.String({ format: "uuid" });
/** By language; `en` is the last resort, and a thing without words has its name there. */
export const Title = Type.Record(Type.String(), Type.String());
export type Title = Static<typeof Title>;
export const nullable = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) =>
  Type.Union([schema, Type.Null()]);
export const exactly = { additionalProperties: false };
