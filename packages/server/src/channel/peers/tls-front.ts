import { type AddressInfo, connect } from "node:net";
import { pipeline } from "node:stream";
import { createServer } from "node:tls";

import type { Certificate } from "./make-certificates.ts";

/** Stands in TLS before a server that speaks in clear, as stunnel does. */
export async function openTlsFront(
  behindPort: number,
  { key, cert }: Certificate,
): Promise<{ port: number; close: () => Promise<void> }> {
  const server = createServer({ key, cert }, (socket) => {
    const behind = connect(behindPort, "127.0.0.1");
    pipeline(socket, behind, socket, () => {});
  });
  server.on("tlsClientError", () => {});
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
