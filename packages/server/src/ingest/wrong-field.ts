import { Refused } from "../platform/http/problem.ts";

export const wrongField = (field: string, message: string) =>
  new Refused("request/invalid", "some fields are wrong", { errors: [{ field, message }] });
