/**
 * A load generator that costs little: raw sockets, bodies built beforehand, numbers patched into them. Run as a process
 * of its own by the benches, told what to do over IPC, and asked for its counts.
 */
import { connect, type Socket } from "node:net";

export type Blast = {
  port: number;
  path: string;
  key: string;
  connections: number;
  /** Requests on their way at once on one connection (HTTP pipelining). */
  depth: number;
  eventsPerRequest: number;
  /** Customers `u0` to `u<n-1>`, picked by a fixed walk through all of them. */
  customers: number;
  /** Events a second, evenly; 0 for as fast as they are taken. */
  rate: number;
  /** Stops after so many events. */
  most: number;
  tag: string;
  /** The event's name; every so manieth carries `rare` instead. */
  event: string;
  rare: { event: string; every: number } | null;
};
export type BlastCounts = { accepted: number; refused: number; done: boolean };

let events = 0;
let accepted = 0;
let refused = 0;
let done = false;

process.on("message", (asked: Blast | "count" | "stop") => {
  if (asked === "count") process.send?.({ accepted, refused, done } satisfies BlastCounts);
  else if (asked === "stop") process.exit(0);
  else begin(asked);
});

function begin(blast: Blast): void {
  const startedAt = performance.now();
  const may = () =>
    events < blast.most && (blast.rate === 0 || events < ((performance.now() - startedAt) / 1_000) * blast.rate);
  for (let index = 0; index < blast.connections; index++) open(blast, may);
}

function open(blast: Blast, may: () => boolean): void {
  const socket = connect(blast.port, "127.0.0.1");
  socket.setNoDelay(true);
  let underWay = 0;
  let rest = "";
  const fill = () => {
    while (underWay < blast.depth && may()) {
      underWay += 1;
      send(socket, blast);
    }
    if (events >= blast.most) {
      if (underWay === 0) done = true;
    } else if (blast.rate > 0 && underWay < blast.depth) setTimeout(fill, 1);
  };
  socket.on("connect", fill);
  socket.on("data", (chunk) => {
    rest += chunk.toString("latin1");
    for (let end = rest.indexOf("\r\n\r\n"); end >= 0; end = rest.indexOf("\r\n\r\n")) {
      const length = Number(/content-length: (\d+)/i.exec(rest)?.[1] ?? 0);
      if (rest.length < end + 4 + length) break;
      if (rest.startsWith("HTTP/1.1 2")) accepted += blast.eventsPerRequest;
      else refused += blast.eventsPerRequest;
      rest = rest.slice(end + 4 + length);
      underWay -= 1;
    }
    fill();
  });
  socket.on("error", () => undefined);
}

const HEAD = { single: new Map<number, string>() };

function send(socket: Socket, blast: Blast): void {
  const calls: string[] = [];
  for (let index = 0; index < blast.eventsPerRequest; index++) calls.push(call(blast, events++));
  const body = blast.path.endsWith("batch") ? `{"batch":[${calls.join()}]}` : (calls[0] ?? "");
  let head = HEAD.single.get(body.length);
  if (head === undefined) {
    head = `POST ${blast.path} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Basic ${Buffer.from(`${blast.key}:`).toString("base64")}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`;
    HEAD.single.set(body.length, head);
  }
  socket.write(head + body, "latin1");
}

/** About 250 bytes, as a backend's SDK sends it. */
function call(blast: Blast, number: number): string {
  const user = (number * 7_919) % blast.customers;
  const { rare } = blast;
  const name = rare && number % rare.every === 0 ? rare.event : blast.event;
  return `{"type":"track","messageId":"${blast.tag}-${number}","userId":"u${user}","event":"${name}","properties":{"mb":${10 + (number % 7)},"app":"video","cell":"c-${number % 997}","roaming":false,"sentFrom":"${Date.now()}"},"context":{"library":{"name":"analytics-node","version":"2.3.0"}}}`;
}
