import { visibleText } from "./visible-text.ts";

/** What code writes for nothing, alone or in a row: `undefined undefined`. */
const NOTHING = new Set(["undefined", "null", "nan", "nil", "none", "void", "nul", "false", "true"]);

/**
 * What people's code sends in the place of an id: the name of the field, a word for nobody, an example. The first ten are
 * those that PostHog refuses as distinct ids. Compared without case, blanks, `_` and `-`.
 */
const NOBODY = new Set(
  `anonymous guest distinctid id notauthenticated email user userid username anonymoususer anonymousid deviceid customerid
  customer contactid externalid clientid sessionid visitorid memberid accountid uid uuid guid phone phonenumber mobile
  emailaddress unknown unknownuser unidentified unauthenticated notloggedin loggedout signedout nouser noid noname
  noemail nophone nobody visitor anon na test testuser tester testing example sample default placeholder dummy foobar
  asdf qwerty empty notset notavailable notapplicable notprovided todo tbd xxx yourid youruserid youremail infinity`.split(
    /\s+/,
  ),
);

/** A template that nobody filled: of a language, a mail program, a router of events. */
const UNFILLED = [
  /\{\{.*\}\}/s,
  /[$#%@]\{[^}]*\}/,
  /^\{[a-z_. ]+\}$/i,
  /^\[[a-z_. ]+\]$/i,
  /^<[^<>]*>$/,
  /^%+[a-z_. ]+%+$/i,
  /^\*\|.*\|\*$/s,
  /^\[object [a-z]+\]$/i,
  /^(async )?function\b.*\(/s,
  /^\(\) *=>/,
  /^optional\(.*\)$/is,
  /^promise \{/i,
  /^#(n\/a|ref!|value!|name\?|null!|div\/0!|num!)$/i,
];

/** Identifiers that many devices share: a fault of Android 2.2's emulator, iOS without consent (Apple, `advertisingIdentifier`). */
const SHARED = new Set(["9774d56d682e549c", "ffffffff-ffff-ffff-ffff-ffffffffffff"]);

/** Whether a value that was sent as an identifier names nobody: it would join everybody for whom it was sent. */
export function isPlaceholder(value: string): boolean {
  const text = visibleText(value)
    .replace(/^(["'`(<])(.*)(["'`)>])$/s, "$2")
    .trim()
    .toLowerCase();
  // Noughts (of an IMEI, a UUID, an address of hardware) and signs alone.
  if (!/[^0\p{P}\p{S}\s]/u.test(text) || /^-\d$/.test(text) || SHARED.has(text)) return true;
  if (text.split(/[\s_.,:;|/@+-]+/).every((word) => word === "" || NOTHING.has(word))) return true;
  return NOBODY.has(text.replace(/[\s_/-]/g, "")) || UNFILLED.some((form) => form.test(visibleText(value)));
}

/** Mailboxes that forms are tried with, at the domains that they are tried with (RFC 2606, and what people type). */
const TRIED_MAILBOX = new Set(
  `test testing tester user username email mail name none no noemail nomail na noreply no-reply example sample your yourname
  youremail your.email your.name someone somebody nobody anonymous unknown guest asdf foo demo dummy fake john.doe johndoe
  jane.doe`.split(/\s+/),
);
const TRIED_DOMAIN = new Set(
  `example test testing none no noemail nomail email mail domain yourdomain company yourcompany na asdf foo fake anonymous
  unknown guest dummy`.split(/\s+/),
);

/** The same of an address in its one form. What is at `.invalid` (RFC 2606) reaches nobody, either. */
export function isPlaceholderEmail(address: string): boolean {
  const [local = "", domain = ""] = address.split("@");
  const [site = "", ...top] = domain.split(".");
  if (isNothing(local) || isNothing(site) || top.at(-1) === "invalid") return true;
  if (local === site && /^([a-z])\1*$/.test(local)) return true;
  return top.length === 1 && TRIED_MAILBOX.has(local) && TRIED_DOMAIN.has(site);
}

const isNothing = (word: string): boolean => /^(undefined|null|nan)$/.test(word);
