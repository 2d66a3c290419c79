import { connect, type Socket } from "node:net";
import { parentPort, workerData } from "node:worker_threads";

/** How many connections of each kind are kept up; one that the hub closes is opened again a second later. */
export type SwarmSize = { port: number; idle: number; headers: number; bodies: number };
/** What the swarm saw of the hub. */
export type SwarmTally = { open: number; closedByHub: number; longestHeadersMs: number; longestBodiesMs: number };

const { port, idle, headers, bodies } = workerData as SwarmSize;
const HEADERS = "POST /v1/track HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100000\r\n";
const tally: SwarmTally = { open: 0, closedByHub: 0, longestHeadersMs: 0, longestBodiesMs: 0 };
const drips = new Set<{ socket: Socket; text: string; at: number }>();

for (let number = 0; number < idle + headers + bodies; number++) {
  keepUp(number < idle ? "idle" : number < idle + headers ? "headers" : "bodies");
  // A thousand a second, and so they come again: it is sockets held that are tried here, not connecting.
  if (number % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 10));
}
setInterval(() => {
  for (const drip of drips) drip.socket.write(drip.text[drip.at++ % drip.text.length] ?? "");
}, 1_000);
parentPort?.on("message", () => parentPort?.postMessage(tally));

function keepUp(kind: "idle" | "headers" | "bodies"): void {
  const socket = connect(port, "127.0.0.1");
  const drip = { socket, text: kind === "headers" ? HEADERS : "x", at: 0 };
  let openedAt = 0;
  socket.on("error", () => undefined).resume();
  socket.on("connect", () => {
    tally.open += 1;
    openedAt = performance.now();
    if (kind === "bodies") socket.write(`${HEADERS}\r\n{`);
    if (kind !== "idle") drips.add(drip);
  });
  socket.on("close", () => {
    if (drips.delete(drip) || openedAt > 0) {
      const heldMs = performance.now() - openedAt;
      tally.open -= 1;
      tally.closedByHub += 1;
      if (kind === "headers") tally.longestHeadersMs = Math.max(tally.longestHeadersMs, heldMs);
      if (kind === "bodies") tally.longestBodiesMs = Math.max(tally.longestBodiesMs, heldMs);
    }
    setTimeout(() => keepUp(kind), 1_000);
  });
}
