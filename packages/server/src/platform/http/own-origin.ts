const THIS_MACHINE = ["localhost", "127.0.0.1", "[::1]"];

/**
 * Whether a page of this origin is one of ours: by the address that the hub was told to be reached by, never by a Host
 * header, which whoever asks may choose. A hub at home on this machine may be called by any of its names.
 */
export function isOwnOrigin(origin: string, publicUrl: string): boolean {
  if (!URL.canParse(origin)) return false;
  const [given, own] = [new URL(origin), new URL(publicUrl)];
  const isSameHost =
    given.hostname === own.hostname || (THIS_MACHINE.includes(given.hostname) && THIS_MACHINE.includes(own.hostname));
  return isSameHost && given.protocol === own.protocol && given.port === own.port;
}
