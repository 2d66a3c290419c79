import { getCACertificates } from "node:tls";

/** The authorities a peer's certificate must come from: the public ones and, where there are some, the company's own (PEM). */
export function trustedRoots(own: string | null): { ca?: string[] } {
  return own === null ? {} : { ca: [...getCACertificates("default"), own] };
}
