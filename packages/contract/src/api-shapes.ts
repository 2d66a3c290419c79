import { Type } from "typebox";

/** Epoch milliseconds. */
export const At = Type.Number({ description: "epoch milliseconds" });
export const Id = Type.String({ format: "uuid" });
export const nullable = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) =>
  Type.Union([schema, Type.Null()]);
export const exactly = { additionalProperties: false };
