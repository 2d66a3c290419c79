/** Why a mail came back, in the words that operators of mail systems use. Only the first three speak of a dead address. */
export type BounceReason =
  | "user-unknown"
  | "host-unknown"
  | "has-moved"
  | "mailbox-full"
  | "suspended"
  | "filtered"
  | "expired"
  | "network-error"
  | "blocked"
  | "bad-reputation"
  | "require-ptr"
  | "auth-failure"
  | "policy-violation"
  | "spam-detected"
  | "virus-detected"
  | "security-error"
  | "no-relaying"
  | "rejected"
  | "exceed-limit"
  | "too-many-connections"
  | "speeding"
  | "syntax-error"
  | "system-error"
  | "mailer-error"
  | "undefined";

const DEAD_ADDRESS: ReadonlySet<BounceReason> = new Set(["user-unknown", "host-unknown", "has-moved"]);

/** A hard bounce says that the address itself is dead; anything else may pass, and says nothing against the person. */
export function isHard(reason: BounceReason): boolean {
  return DEAD_ADDRESS.has(reason);
}

/** Docomo says "unknown user" of a subscriber, too, who will not hear from this sender. */
export const TELLS_NOTHING = /@([\w-]+\.)*docomo\.([\w-]+\.)?ne\.jp\b/i;

/**
 * The reason in what a mail server said, by its words first (servers choose words better than codes), then by the
 * enhanced status code (RFC 3463), then by the words that mean anything or nothing. The first rule that fits wins.
 */
export function bounceReason(said: string, status: string | null): BounceReason {
  // Addresses and links would speak for themselves: <policy@…>, https://…/rejected.
  const text = said
    .slice(0, LONGEST_SAYING)
    .replace(/https?:\/\/([^\s/]+)\S*/g, "$1")
    .replace(/<?[^\s<>"'()[\]]+@[^\s<>"'()[\]]+>?/g, "…")
    .replace(/\s+/g, " ");
  return firstFit(WORDS, text) ?? firstFit(CODES, status ?? "") ?? firstFit(LAST_WORDS, text) ?? "undefined";
}

const LONGEST_SAYING = 4_000;

function firstFit(rules: Rule[], text: string): BounceReason | null {
  return rules.find(([, pattern]) => pattern.test(text))?.[0] ?? null;
}

type Rule = [reason: BounceReason, pattern: RegExp];

const WORDS: Rule[] = [
  // An unknown user after the whole message was heard is a filter that does not want to say so.
  [
    "filtered",
    /(end of (message )?data\b|>>> \.|>>> DATA)[^>]{0,200}(unknown|no such) (user|recipient)|>>> DATA[^>]{0,80}user unknown/i,
  ],
  ["user-unknown", /recipient address rejected: access denied|after rcpt to.{0,120}access denied/i],
  [
    "blocked",
    /client host blocked|source ip (is )?blocked|adresse ip source bloqu|\baup#\w*rbl\b|my name was rejected|banned sending ip|after (initial connection|mail from).{0,200}(\b55\d\b)(?!.*(ptr|reverse|dns|spf|polic|spam))/i,
  ],
  ["virus-detected", /virus|malware|infected/i],
  [
    "require-ptr",
    /\bptr\b|reverse dns|reverse lookup|\brdns\b|no matches to nameserver|cannot find your (reverse )?hostname|5\.7\.25|dns entry|unresolvable|unverifyable sending|no reverse|reverse resolution|client host rejected: cannot find/i,
  ],
  [
    "auth-failure",
    /\bspf\b|\bdkim\b|\bdmarc\b|sender policy framework|unauthenticated email|authentication checks?|5\.7\.26/i,
  ],
  ["bad-reputation", /reputation|user complaints|ip address .{0,40}(low|poor) /i],
  ["speeding", /receiving mail at a rate|rate limit|too fast|sending rate/i],
  ["too-many-connections", /too many (connections|recipients|sessions)|connection limit/i],
  ["has-moved", /has moved|no longer on server|address (has )?changed|5\.1\.6|new address/i],
  [
    "no-relaying",
    /no relaying|relay(ing)? (access )?(denied|not permitted|not allowed|prohibited)|not configured to relay|unable to relay|we do not relay|not a relay|insecure mail relay|mail server requires authentication/i,
  ],
  [
    "mailbox-full",
    /mailbox.{0,30}(full|exceed)|(over|exceed\w*|out of|full).{0,20}quota|quota.{0,20}(exceed|full|over)|mailbox size limit|not enough (storage|disk)|insufficient (disk|storage|system) ?(space|storage)?|account is full|box is full|full mailbox|exceeded storage|disk full|over the maximum (size|storage)|storage.{0,20}(full|exceeded)|容量|переполнен/i,
  ],
  [
    "suspended",
    /(account|mailbox|user|recipient|address|domain).{0,60}(suspend|disabled|inactive|deactivated|locked|blocked by administrator|is not active)|(inactive|disabled) (user|account|mailbox)|temporarily (locked|disabled)|refuses to accept|cannot receive mail|unpaid|out of service/i,
  ],
  ["exceed-limit", /(message|mail|size).{0,40}(too (big|large)|exceeds? .{0,30}(maximum|limit|size))|larger than/i],
  [
    "network-error",
    /not found, try again|network error|(host|server|mail|routing|name server|mx).{0,60}loop|too many hops|malformed or unexpected name server|loops back|hop count|no route|network (is )?unreachable|dns (server )?(failure|error)|bad (mx|dns)|destination.{0,20}unreachable|local (configuration|mx) error|mx.{0,30}(missing|points to)|tls|ssl/i,
  ],
  ["rejected", /domain of sender|purported responsible/i],
  [
    "host-unknown",
    /host (or domain name )?(unknown|not found)|unknown host|host \S+ not found|no such (host|domain)|domain .{0,60}(not (exist|found)|does ?n.t exist|invalid|unknown)|invalid domain|unrouteable (mail )?domain|unknown domain|name service error.{0,60}not found(?!, try again)|host name lookup failure|nxdomain|couldn.t find any host|no mx .{0,20}found|domain is not.{0,20}(hosted|served)|illegal host|all relevant mx records point to non-existent/i,
  ],
  [
    "spam-detected",
    /ofr_?506|\bspam\b(?!house| incident|.{0,20}ming issues)|message content rejected|junk|considered (as )?unsolicited|bulk mail|unsolicited/i,
  ],
  [
    "policy-violation",
    /polic(y|ies)|potential security|content presents|not allowed - |prohibited|attachment (type|name|is not|blocked)|message.{0,20}does not (conform|comply)|security (risk|concern)/i,
  ],
  [
    "security-error",
    /unauthenticated senders|authentication (required|failed|turned on)|5\.7\.6|tls required|verification failure|failed to delivery|access denied\. sender/i,
  ],
  [
    "rejected",
    /google ?groups|sender (address )?(rejected|denied|verify failed|is not allowed)|access denied|you (do not|don't|may not) have permission|sender (is )?not (allowed|authorized)|not authorized to (send|post)|can.t (post|send) to the group|group.{0,60}(post|permission)|posting|not allow.{0,20}(you|sender)/i,
  ],
  [
    "filtered",
    /message filtered|filtered|because the recipient is (only )?accept|recipient.{0,20}refused|not accepting (mail|messages) from|permission.{0,30}recipient|because the recipient|did not match any recipient rule/i,
  ],
  [
    "user-unknown",
    /no valid recipients|mailbox unavailable|(user|mailbox|recipient|account|addressee?|address|alias|login|login name|local part|person).{0,70}(unknown|not (exist|found|known|available|listed|valid)|doesn.t (exist|have)|does not (exist|have)|n.t exist|invalid|no longer|cannot be found|is not here|could not be found)|(unknown|no such|invalid|bad|undeliverable|non-existent|nonexistent|undefined) (local|user|mailbox|recipient|address|account|person|e-?mail|destination|login)|unknown or illegal|5\.1\.1\b|not a (known|valid) (user|recipient)|not listed in|unrouteable address|no mailbox here|not our customer|who are you looking for|нет такого|не существует|не найден|nicht gefunden|unbekannt|inconnu|desconocid|不存在|rcpt to.{0,20}not exist|does not like recipient/i,
  ],
  [
    "expired",
    /(message |delivery |mail |retry )(time ?out|expired|time.?limit)|timed out|timeout|time(d)? ?out|too old|retry time.{0,30}(exceeded|reached)|has been (in the queue|delayed)|could not be delivered (for|within)|deferred|delivery (temporarily )?(suspended|delayed)|not (been )?delivered (for|after|within|yet)|max(imum)? retries|in (the )?queue (too long|for)|will (continue|keep) (to )?try|unable to (connect|contact)|connection (refused|reset|lost|dropped)|delay reason|warning only|giving up|i.m not going to try again|did not accept our requests to connect|failed \d+ attempts/i,
  ],
  [
    "blocked",
    /block(ed|s? ?list)|spamhaus|daily relay quota|use the smtp server of your isp|bloqu|blacklist|blackhole|\brbl\b|not accepting connections|dnsbl|client host rejected|denied by|access from ip|connections? (from|refused by)|ip (address )?.{0,30}(rejected|denied|listed|banned)|banned|refused to talk|not (allowed|permitted|authorized) to connect|too much (spam|mail)|helo|ehlo/i,
  ],
  ["syntax-error", /command (parameter )?not implemented|syntax error|unrecognized command|bad sequence/i],
];

const CODES: Rule[] = [
  ["user-unknown", /^[45]\.1\.[013]$|^5\.1\.1$/],
  // 5.1.10: a domain that says it takes no mail (RFC 7505).
  ["host-unknown", /^5\.1\.(2|10)$|^5\.4\.4$/],
  ["has-moved", /^5\.1\.6$/],
  ["rejected", /^[45]\.1\.[78]$/],
  ["suspended", /^[45]\.2\.1$/],
  ["mailbox-full", /^[45]\.2\.2$/],
  ["exceed-limit", /^[45]\.(2\.3|3\.4)$/],
  ["filtered", /^[45]\.2\.0$/],
  ["network-error", /not found, try again|^[45]\.4\.[46]$/],
  ["expired", /^[45]\.4\.[1257]$|^4\.4\.0$/],
  ["security-error", /^5\.7\.[3-7]$/],
  ["policy-violation", /^5\.7\.(0|9|509)$/],
  ["blocked", /^[45]\.7\.1$|^5\.7\.[68]0[0-9]$/],
];

const LAST_WORDS: Rule[] = [
  [
    "system-error",
    /service (is )?(currently )?(un|not )available|system error|internal (server )?error|mail system problem|temporary (failure|error|problem)|local error/i,
  ],
  ["blocked", /\brejected\b|\bdenied\b/i],
  ["user-unknown", /unknown|undeliverable/i],
];
