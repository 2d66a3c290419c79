/** The destination's name by whose `analytics.js` it is: each sends to its own, and loads more scripts when it sees another. */
const DESTINATIONS = { segment: "Segment.io", customerio: "Customer.io Data Pipelines" } as const;
export type Analytics = keyof typeof DESTINATIONS;

/**
 * What `analytics.js` of Segment or Customer.io asks a CDN for before it sends: where to send, and that nothing else is to
 * be loaded. `publicUrl` is the hub's own address as browsers reach it, also where a proxy ends TLS before it.
 */
export function analyticsSettings(whose: Analytics, writeKey: string, publicUrl: string): Record<string, unknown> {
  const { host, pathname, protocol } = new URL(publicUrl);
  const destination = {
    apiKey: writeKey,
    apiHost: `${host}${pathname === "/" ? "" : pathname}/v1`,
    protocol: protocol.slice(0, -1),
    unbundledIntegrations: [],
    addBundledMetadata: true,
  };
  return {
    integrations: { [DESTINATIONS[whose]]: destination },
    plan: {
      track: { __default: { enabled: true, integrations: {} } },
      identify: { __default: { enabled: true } },
      group: { __default: { enabled: true } },
    },
    edgeFunction: {},
    analyticsNextEnabled: true,
    middlewareSettings: {},
    enabledMiddleware: {},
    metrics: { sampleRate: 0 },
    legacyVideoPluginsEnabled: false,
    remotePlugins: [],
  };
}

/** What RudderStack's SDKs ask a control plane for: the source is enabled, has no destinations, and reports nothing elsewhere. */
export function rudderstackConfig(): Record<string, unknown> {
  return {
    source: {
      id: "rapport",
      name: "rapport",
      enabled: true,
      workspaceId: "rapport",
      config: { statsCollection: { errors: { enabled: false }, metrics: { enabled: false } } },
      connections: [],
      destinations: [],
    },
  };
}
