import { Refused } from "../platform/http/problem.ts";

export const unknownKey = () => new Refused("access/key-needed", "the write key is missing or unknown");
