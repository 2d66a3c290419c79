import assert from "node:assert/strict";
import { test } from "node:test";
import { Type } from "typebox";

import { cursorOf, placeIn } from "./cursor.ts";

const Place = Type.Tuple([Type.Integer(), Type.String()]);

test("every place that can be kept comes back from its cursor, whatever its characters", () => {
  for (const id of ["\\u0000", "a\\\\u0000", "\n\"'", "\ufffd", "é", "😀", "\u0001", ""])
    assert.deepEqual(placeIn(Place, cursorOf([7, id]), "before"), [7, id]);
});

test("a place that PostgreSQL cannot compare with, of another list, or no place at all is refused with the field named", () => {
  for (const cursor of [cursorOf([7, "a\0"]), cursorOf([7]), cursorOf(["7", "a"]), "nonsense"])
    assert.throws(() => placeIn(Place, cursor, "before"), /some fields are wrong/);
});
