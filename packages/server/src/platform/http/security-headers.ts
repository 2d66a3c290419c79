const NOTHING = "frame-ancestors 'none'; base-uri 'none'; object-src 'none'";
const OWN = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:";

/** What a page may load and do, by the beginning of its route. Every other answer is data: it loads and does nothing. */
const PAGES: readonly [route: RegExp, policy: string][] = [
  [/^\/\*$/, `${OWN}; form-action 'self'; ${NOTHING}`],
  [/^\/api\/docs(\/|$)/, `${OWN}; form-action 'none'; ${NOTHING}`],
  [/^\/u\/:token$/, `default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; ${NOTHING}`],
];
const DATA = "default-src 'none'; frame-ancestors 'none'";

/** Nothing of the API is for a cache, be it a browser's or a proxy's; a link out of a mail tells whose it is. */
const UNCACHED = /^\/(api|u)(\/|$)/i;

/** Headers of every answer: the one place where they are set. `route` is the pattern that answers; undefined when none does. */
export function securityHeaders(asked: {
  route: string | undefined;
  path: string;
  https: boolean;
}): Record<string, string> {
  const { route, path, https } = asked;
  return {
    "content-security-policy": PAGES.find(([page]) => route !== undefined && page.test(route))?.[1] ?? DATA,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    ...(https ? { "strict-transport-security": "max-age=31536000" } : {}),
    // By the path, too, which is all there is when no route answers.
    ...(UNCACHED.test(route ?? "") || UNCACHED.test(decoded(path)) ? { "cache-control": "no-store" } : {}),
  };
}

/** The same, kept for each route of one path, which says all there is to be known. */
export function rememberedHeaders(https: boolean): (route: string | undefined, path: string) => Record<string, string> {
  const kept = new Map<string, Record<string, string>>();
  return (route, path) => {
    if (route === undefined || route !== path) return securityHeaders({ route, path, https });
    const known = kept.get(route) ?? securityHeaders({ route, path, https });
    kept.set(route, known);
    return known;
  };
}

/** A path with its ASCII in clear, in whatever way it is spelt: also one that is not well encoded. */
const decoded = (path: string): string =>
  path.replaceAll(/%([2-7][0-9a-f])/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
