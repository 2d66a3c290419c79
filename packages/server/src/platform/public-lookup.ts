import { isIP, type LookupFunction } from "node:net";

import { isPublicAddress } from "./public-address.ts";

/** The request was refused here and nothing was sent: the address is not public, or the URL not http(s). */
export class OutboundRefused extends Error {}

/** The peer could not be reached, so nothing was sent either. */
export class OutboundUnreachable extends Error {}

/** A look-up for node:net that gives the connection only public addresses. One inward address among them refuses the name: it is up to no good. */
export function publicLookup(resolve: (host: string) => Promise<string[]>): LookupFunction {
  return (host, { all }, done) => {
    resolve(host).then(
      (addresses) => {
        const inward = addresses.find((address) => !isPublicAddress(address));
        const [first] = addresses;
        if (first === undefined) return done(new OutboundUnreachable(`${host} has no address`), "");
        if (inward !== undefined)
          return done(new OutboundRefused(`${host} leads to ${inward}, which is not public`), "");
        if (all)
          return done(
            null,
            addresses.map((address) => ({ address, family: isIP(address) })),
          );
        done(null, first, isIP(first));
      },
      (problem: Error) => done(problem, ""),
    );
  };
}
