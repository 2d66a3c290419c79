/** Protocols that clients are pointed here with in good faith, by the addresses that they use. */
const OTHERS: readonly [protocol: string, addresses: RegExp][] = [
  ["PostHog", /^\/(e|s|i\/v0\/e|decide|flags|capture|batch|array|api\/feature_flag|api\/projects)(\/|$)/],
  ["Mixpanel", /^\/(track|engage|groups|import)(\/|$)/],
  ["Braze", /^\/(users|campaigns|canvas|messages)\/|^\/api\/v3\/data(\/|$)/],
  ["Amplitude", /^\/(2\/httpapi|httpapi|identify|groupidentify|batch\/httpapi)(\/|$)/],
  ["Google Analytics", /^\/(([gjrt]|mp|debug\/mp)\/)?collect(\/|$)/],
  ["Snowplow", /^\/com\.snowplowanalytics\.|^\/i$/],
  ["Customer.io's Track API", /^\/api\/(v1\/(customers|events|push)|v2\/(entity|batch))(\/|$)/],
  ["Plausible", /^\/api\/event$/],
  ["Matomo", /^\/(matomo|piwik)\.php$/],
];

const protocolAt = (path: string) => OTHERS.find(([, addresses]) => addresses.test(path))?.[0];

export const isNotServed = (path: string): boolean => protocolAt(path) !== undefined;

/**
 * What is said of an address that is not there: that a protocol is not served, where the address is another product's, so
 * that who pointed a client here learns it at once.
 */
export function tellNotServed(path: string): string {
  const protocol = protocolAt(path);
  return protocol === undefined
    ? "there is nothing at this address"
    : `this hub does not serve ${protocol}: send Segment's calls to /v1, or CloudEvents to /cloudevents`;
}
