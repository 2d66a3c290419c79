import type { BounceReason } from "./bounce-reason.ts";

type Rule = [reason: BounceReason, pattern: RegExp];

/** The first reason whose words are said, or null. The text is what `plainWords` left of the saying. */
export function reasonInWords(text: string): BounceReason | null {
  return firstFit(WORDS, text);
}

/** Words that mean anything or nothing: they count when no code says more. */
export function reasonInVagueWords(text: string): BounceReason | null {
  return firstFit(VAGUE, text);
}

/** Marks that providers document for reasons of their own, told before identifiers are taken out. */
export function reasonInMarks(said: string): BounceReason | null {
  return firstFit(MARKS, said.slice(0, 4_000));
}

/** Whether what was refused is our own sender, whose name may be "unknown" there without a word about the recipient. */
export function isAboutSender(text: string): boolean {
  return SENDER.test(text);
}

/** Whether a server could not look something up for now: that says nothing of what it looked for. */
export function isForNow(text: string): boolean {
  return FOR_NOW.test(text);
}

const firstFit = (rules: Rule[], text: string): BounceReason | null =>
  rules.find(([, pattern]) => pattern.test(text))?.[0] ?? null;

const MARKS: Rule[] = [
  ["spam-detected", /\bofr_?506\b/i],
  ["blocked", /\baup#\w{0,20}rbl\b|\((rtr:bl|rly:b\d|dyn:t\d|con:b\d)\)|\((s31[45]\d|as31[45]\d)\)/i],
  [
    "blocked",
    /\b(spamhaus\.org|spamcop\.net|barracudacentral\.org|sorbs\.net|uceprotect\.net|cloudmark\.com\/(en\/)?csi)\b/i,
  ],
  ["bad-reputation", /\[tss?0\d\]/i],
];

const SENDER =
  /\bhelo command rejected|\breturn address was refused|\b(sender|return[- ]path|return address|envelope[- ]from|reverse[- ]path|mail from|from address)\b( address| domain| verification| verify| e-?mail)?[^.;]{0,60}\b(reject|denied|refused|unknown|invalid|not (exist|found|known|valid|allowed|verified)|does ?n.t exist|does not exist|fail|unverif|no such|bad|can ?not|could not|unresolv|not resolve|blocked|forbidden)|\b(invalid|unknown|bad|unverified|unresolvable|non-?existent|illegal|forged) (sender|return[- ]path|envelope[- ]from|from address)|\bdomain of (the )?sender\b|\b(callout|call back|callback) verif|\bverification failed for …|\bsender.s (mail|domain|address)\b[^.;]{0,60}\b(not|un|fail|invalid)|\byour (e-?mail |sender |from |return )(address|domain)[^.;]{0,60}\b(not exist|invalid|reject|unresolv|not resolve|blocked|not valid)/i;

const FOR_NOW =
  /\b(temporar(y|ily)|transient)\b.{0,40}\b(lookup|look-?up|resolution|resolv\w*|dns|name server|directory|ldap|database|authentication|verif\w*)|\b(lookup|look-?up|resolution|verification|verify|query|dns|resolver)\b.{0,40}\b(fail(ed|ure)? temporar|temporar|tim(ed|e) ?out|did not complete|deferred|try again)|\bservfail\b|\bnot found, try again\b|\b(host|domain|address|user|recipient|unverified address|mailbox)\b.{0,60}\b(try (again )?later|try again|please retry)|\b(recipient|user|alias|address|local)\b.{0,30}\b(lookup|look-?up|verification)\b.{0,20}\b(error|fail|problem|unavailable)|unverified address|could not be (resolved|verified|looked up) (at this time|right now|for now|now)|host lookup did not complete/i;

const WORDS: Rule[] = [
  [
    "not-accept",
    /\bnull ?mx\b|\b(host|domain|server|system|address)\b[^.;]{0,60}\b(does not|doesn.t|do not|will not|never) accepts? (any )?(e-?)?mails?\b(?! from| if| that| larger| with)|\b(does not|doesn.t) accept (any )?(e-?)?mails?\s*(\(|$)|\bno (e-?)?mail (is )?accepted\b|\bno longer accept(s|ing) (e-?)?mails?\b|\b(has|have) no smtp (service|server)|\bsend[- ]only (host|domain|address)/i,
  ],
  [
    "blocked",
    /\bclient host blocked|\bsource ip (is )?blocked|\badresse ip source bloqu|\bmy name was rejected|\bbanned sending ip/i,
  ],
  ["virus-detected", /\b(virus(es)?|malware|infected|trojan|worm|вирус)\b/i],
  [
    "require-ptr",
    /\bptr\b|\breverse[- ](dns|lookup|resolution|hostname)|\brdns\b|\bno reverse\b|\bno matches to nameserver|\b(cannot|could not|can.t) find your (reverse )?host ?name|\bdns entry|\b(unresolvable|unverifyable) sending|\bclient host rejected: cannot find|\bfcrdns\b/i,
  ],
  [
    "auth-failure",
    /\bspf\b|\bdkim\b|\bdmarc\b|\bsender ?id\b.{0,20}fail|\bsender policy framework|\bunauthenticated email|\bauthentication checks?\b/i,
  ],
  ["bad-reputation", /\breputation\b|\buser complaints\b|\bip address .{0,40}\b(low|poor)\b/i],
  [
    "speeding",
    /\breceiving mail at a rate|\brate[- ]?limit|\btoo fast\b|\bsending rate\b|\bthrottl(ed|ing)\b|\btoo many (messages|e-?mails|mails)\b|\btoo much mail\b|\bexceeded .{0,30}\b(per (hour|minute|day)|messages)\b|\bfrequency (is )?limited\b/i,
  ],
  [
    "too-many-connections",
    /\btoo many (concurrent |simultaneous )?(connections|recipients|sessions|smtp sessions|rcpts?)\b|\bconnection limit|\bmaximum (number of )?(connections|recipients)|\bconcurrent connections\b/i,
  ],
  [
    "has-moved",
    /\bhas moved\b|\bno longer on server|\baddress (has )?(been )?changed\b|\bchanged (his|her|their|its) (e-?mail )?address|\bnew (e-?mail )?address (is|of)\b|\buser not local; please try|\bhas been replaced by\b|\bhas a new address\b/i,
  ],
  [
    "no-relaying",
    /\bno[- ]relaying|\brelay(ing)? (access )?(is )?(denied|not permitted|not allowed|prohibited|disabled)|\bnot (configured|allowed|permitted) to relay|\bunable to relay|\b(do|does) not relay|\bnot a relay|\binsecure mail relay|\bmail server requires authentication|\brelay not\b|\b(isn.t|not) in my list of allowed rcpthosts|\bnot an open relay/i,
  ],
  [
    "mailbox-full",
    /\b(mailbox|mail ?box|inbox|account)\b.{0,30}\b(full|exceed\w*)\b|\b(over|exceed\w*|out of|full)\b.{0,20}\bquota|\bover ?quota|\bquota\b.{0,20}\b(exceed\w*|full|over)\b|\bmailbox size limit|\bnot enough (storage|disk)|\binsufficient (disk|storage|system|mailbox) ?(space|storage)?\b|\baccount is full|\bbox is full|\bfull mailbox|\bexceeded storage|\bdisk (is )?full\b|\bno space left\b|\bover the maximum (size|storage)|\bstorage\b.{0,20}\b(full|exceeded)|\bmail(box)? .{0,10}\bvol[lt]?\b|容量|一杯|已满|переполнен|bo[iî]te (pleine|de r.ception pleine)|postfach (ist )?voll|buz[oó]n (est[aá] )?lleno|casella piena/i,
  ],
  [
    "suspended",
    /\b(account|mailbox|user|recipient|address|domain|inbox)\b.{0,60}\b(suspend\w*|disabled|inactive|deactivated|locked|blocked by administrator|is not active|not active|expired|frozen)\b|\b(inactive|disabled|suspended) (user|account|mailbox|recipient)|\btemporarily (locked|disabled)|\brefuses to accept|\bcannot receive mail|\bunpaid\b|\bout of service\b|\bmail receiving disabled|\bdisabled or discontinued/i,
  ],
  [
    "exceed-limit",
    /\b(message|mail|e-?mail|size|attachment)\b.{0,40}\b(too (big|large)|exceeds? .{0,30}\b(maximum|limit|size)\b)|\blarger than\b|\btoo large\b|\bmessage size\b/i,
  ],
  [
    "network-error",
    /\bnetwork error|\b(host|server|mail|routing|name server|mx|message|forwarding)\b.{0,60}\bloop(s|ing)?\b|\btoo many (hops|received)|\bmalformed or unexpected name server|\bhop count|\bno route\b|\bnetwork (is )?unreachable|\bdns (server )?(failure|error)|\bbad (mx|dns)|\bdestination\b.{0,20}\bunreachable|\blocal (configuration|mx) error|\bmx\b.{0,30}\b(missing|points to|record point(s|ed) to)\b|\b(tls|ssl|starttls)\b(?! required)/i,
  ],
  ["rejected", /\bpurported responsible|\b(does not|doesn.t|not) accept(ing)? (any )?(e-?)?(mails?|messages?) from\b/i],
  [
    "host-unknown",
    /\bhost (or domain name )?(unknown|not found)\b|\bunknown host|\bhost …? ?not found|\bhost \S{1,80} not found|\bno such (host|domain)|\bdomain\b.{0,60}\b(not (exist|found)|does ?n.t exist|invalid|unknown|not known)\b|\binvalid (mail )?domain|\bunrout[e]?able (mail )?domain|\bunknown (mail )?domain|\bname service error\b.{0,60}\bnot found\b|\bhost name lookup failure|\bnxdomain|\bcouldn.t find any host|\bname or service not known|\b(no|not find( an| any)?) mx\b.{0,20}\b(found|record|host)|\bdomain is not\b.{0,20}\b(hosted|served|reachable)|\billegal host|\ball (relevant mx records point to non-?existent|host address lookups failed permanently)|\b(account or|recipient) domain (may not|must) exist/i,
  ],
  [
    "spam-detected",
    /\bspam\b(?! ?(house|incident)|.{0,20}ming issues)|\bspam(my|like)\b|\bmessage content rejected|\bjunk\b|\bconsidered (as )?unsolicited|\bbulk mail|\bunsolicited\b|\bспам|垃圾邮件/i,
  ],
  [
    "policy-violation",
    /\bpolic(y|ies)\b|\bpotential security|\bcontent presents|\bnot allowed - |\bprohibited\b|\battachment (type|name|is not|blocked)|\bmessage\b.{0,20}\bdoes not (conform|comply)|\bsecurity (risk|concern)|\bcontent (was |is )?(rejected|refused|blocked|not accepted)/i,
  ],
  [
    "security-error",
    /\bunauthenticated senders|\bauthentication (is )?(required|failed|turned on|needed)|\b(tls|starttls|encryption) (is )?required|\bverification failure|\bfailed to delivery|\baccess denied\. sender|\bmust issue a starttls/i,
  ],
  [
    "user-unknown",
    /\b(mailbox|user|recipient|account|address) (is )?(unavailable|not found|not available|unknown) or (access (is )?)?denied|\brecipient address rejected: access denied|\binvalid final delivery user ?id/i,
  ],
  [
    "rejected",
    /\bgoogle ?groups\b|\baccess denied|\byou (do not|don.t|may not) have permission|\bnot authorized to (send|post)|\bcan.t (post|send) to the group|\bgroup\b.{0,60}\b(post|permission)|\bposting\b|\bnot allow\b.{0,20}\b(you|sender)|\b(only accepts|accepts? only|restricted to) (mail|messages) from\b/i,
  ],
  [
    "filtered",
    /\bmessage filtered|\bfiltered\b|\bbecause the recipient is (only )?accept|\brecipient\b.{0,20}\brefused|\bnot accepting (mail|messages) from|\bpermission\b.{0,30}\brecipient|\bbecause the recipient\b|\bdid not match any recipient rule/i,
  ],
  [
    "mailer-error",
    /\b(could ?n.t|could not|can ?not|can.t|unable to|failed to) (create|open|lock|write|append|exec|execute|fork|chdir|stat|rename|mkdir|access) (?!an? (account|mailbox))|\bcommand (failed|died|time limit|output|not found)|\b(exit|exited|exiting|returned)( with)? (status|code|error)\b|\bbroken pipe|\bchild (process|status)|\blocal (delivery|mailer|program)\b.{0,20}\b(fail|error)|\b(procmail|maildrop|vdelivermail|vacation program)\b|\bpermission denied\b|\bi\/o error/i,
  ],
  [
    "user-unknown",
    /\b(user|mailbox|recipient|account|addressee?|address|alias|login|login name|local[- ]part|person|username|userid|name)\b.{0,70}\b(unknown|not (exist|found|known|available|listed|valid|recogni[sz]ed|registered|present)|doesn.t (exist|have)|does not (exist|have)|n.t exist|invalid|no longer|cannot be found|can.t be found|is not here|could ?n.t be found|could not be found|was ?n.t found|non-?existent|undeliverable)|\b(unknown|no such|invalid|bad|undeliverable|non-?existent|undefined|unrecogni[sz]ed|incorrect) (local[- ]part|local|user|user ?name|userid|mailbox|recipients?|address\w*|account|person|e-?mail|destination|login|alias|name)|\bno (valid )?(user|account|mailbox|one) (here )?by that name|\bunknown or illegal|\bnot a (known|valid|registered|local) (user|recipient|mailbox|address)|\bnot listed in\b|\bnot in (the )?(directory|address book|recipient map)|\bno mailbox here|\bnot our (customer|user)|\bwho are you looking for|\bdoes not have an account|\bdoesn.t have an? .{0,40}account|\bhave no (such )?(user|mailbox|account)|\bno longer (works?|employed|with (us|the company)|valid|in use)|\baccount (has been |was |is )?(closed|deleted|terminated|removed)|\bmailbox (has been |was |is )?(closed|deleted|removed)|\b(recip|recipient)notfound\b|\bnosuchuser\b|нет такого|не существует|не найден|неизвестный (пользователь|получатель|адрес)|пользователь .{0,20}неизвест|nicht gefunden|unbekannt|existiert nicht|inconnu|n.existe pas|desconocid|no existe|non esiste|sconosciut|não existe|inexistente|onbekend|bestaat niet|nieznany|nie istnieje|不存在|找不到|见つかりません|存在しません|宛先不明|rcpt to\b.{0,20}\bnot exist/i,
  ],
  [
    "user-unknown",
    /\bunrout[e]?able address|\bmailbox unavailable\b|\bmailbox (is )?not available\b|\bno valid recipients?\b/i,
  ],
  [
    "expired",
    /\b(message |delivery |mail |retry )?(time ?out|timed? out|expired|time.?limit)\b|\btoo old\b|\bretry time\b.{0,30}\b(exceeded|reached)|\bhas been (in the queue|delayed)|\bcould not (be delivered|deliver) (for|within)|\bdeferred\b|\bdelivery (temporarily )?(suspended|delayed)|\bnot (been )?delivered (for|after|within|yet)|\bmax(imum)? retries|\bin (the )?queue (too long|for)|\bwill (continue|keep) (to )?try|\bunable to (connect|contact)|\b(wasn.t|not) able to establish an smtp connection|\bconnection (refused|reset|lost|dropped|died|was closed)|\bdelay reason|\bwarning only|\bgiving up\b|\bi.m not going to try again|\bdid not accept our requests to connect|\bfailed \d{1,4} attempts|\bnot responding\b|\bgr[ea]y-?list|\bhave been failing for a long time/i,
  ],
  [
    "blocked",
    /\bblock(ed|ing|s)?\b|\bblock[- ]?list(ed)?|\bdaily relay quota|\buse the smtp server of your isp|\bbloqu|\bblack-?list(ed|ing)?|\bblackhole|\bd?rbl\b|\bdnsbl\b|\bnot accepting connections|\bclient host rejected|\bdenied by\b|\baccess from ip|\bconnections? (from|refused by)|\bip (address )?.{0,30}\b(rejected|denied|listed|banned)|\bbanned\b|\brefused to talk|\bnot (allowed|permitted|authorized) to connect|\btoo much spam|\b(helo|ehlo)\b/i,
  ],
  [
    "syntax-error",
    /\bcommand (parameter )?not (implemented|recogni[sz]ed)|\bsyntax error|\bunrecogni[sz]ed command|\bbad sequence\b/i,
  ],
];

const VAGUE: Rule[] = [
  [
    "system-error",
    /\bservice (is )?(currently )?(un|not )available|\bsystem error|\binternal (server )?error|\bmail system problem|\btemporary (failure|error|problem)|\blocal error|\bresources temporarily|\bserver busy|\btemporary lookup|\bhost lookup did not complete/i,
  ],
  ["blocked", /\brejected\b|\bdenied\b/i],
];
