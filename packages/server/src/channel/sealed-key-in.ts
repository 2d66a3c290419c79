import { openSealedKey } from "./sealed-key.ts";

/**
 * A token behind our own purpose, however servers on the way have wrapped the address: SRS (`SRS0=…=bounce+TOKEN@`), BATV
 * (`prvs=…=bounce+TOKEN@`, `bounce+TOKEN/tag@`), VERP of a list (`list-bounce+TOKEN=hub.example@`), percent signs.
 */
const TOKEN_IN_ADDRESS = /(?<![a-z\d])(?:bounce|reply|unsubscribe)(?:\+|%2B)([a-z2-7]{16,64})(?=[@=/]|%40)/gi;
const TOKEN_IN_MESSAGE_ID = /<([a-z2-7]{18,600})@/gi;

/** So many tokens are tried in one place; a mail of ours holds a handful. */
const MOST_TOKENS = 100;

/** The key of the first token that this secret sealed, in the order of the places, or null. */
export function sealedKeyIn(places: string[], secret: string): string | null {
  for (const place of places) {
    const found = [...place.matchAll(TOKEN_IN_ADDRESS), ...place.matchAll(TOKEN_IN_MESSAGE_ID)];
    for (const [, token = ""] of found.slice(0, MOST_TOKENS)) {
      const key = openSealedKey(token, secret);
      if (key !== null) return key;
    }
  }
  return null;
}
