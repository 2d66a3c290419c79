import { type AddressInfo, createServer, type Socket } from "node:net";

/** A server that speaks in clear alone and keeps every line it is told. */
export type Eavesdropper = { port: number; told: string[]; close: () => Promise<void> };

/** Greets, then answers each line as `answer` says; null closes. */
export async function openEavesdropper(
  greeting: string,
  answer: (line: string) => string | null,
): Promise<Eavesdropper> {
  const told: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    let rest = "";
    socket.on("error", () => {});
    socket.on("data", (bytes) => {
      const lines = (rest + bytes.toString("latin1")).split("\r\n");
      rest = lines.pop() ?? "";
      for (const line of lines) {
        told.push(line);
        const words = answer(line);
        if (words === null) socket.end();
        else socket.write(words);
      }
    });
    socket.write(greeting);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    told,
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
