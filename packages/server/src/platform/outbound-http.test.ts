import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, test } from "node:test";

import { OutboundRefused, OutboundUnreachable, openOutboundHttp } from "./outbound-http.ts";
import { publicLookup } from "./public-lookup.ts";

const seen: string[] = [];
const peer = createServer((request, response) => {
  seen.push(`${request.method} ${request.url}`);
  if (request.url === "/away") response.writeHead(302, { location: "http://127.0.0.1/secret" }).end();
  else if (request.url === "/large") response.end("x".repeat(20_000));
  else if (request.url !== "/silent") response.end(`hello ${request.headers["x-name"]}`);
});
let port = 0;
before(async () => {
  await new Promise<void>((resolve) => peer.listen(0, "127.0.0.1", resolve));
  port = (peer.address() as AddressInfo).port;
});
after(() => {
  peer.closeAllConnections();
  peer.close();
});

const names: Record<string, string[][]> = {
  "inward.example": [["127.0.0.1"]],
  "127.0.0.1.nip.example": [["127.0.0.1"]],
  "mixed.example": [["93.184.216.34", "10.0.0.7"]],
  "metadata.example": [["169.254.169.254"]],
  "nowhere.example": [[]],
};
const anOutbound = (allowHosts: string[] = []) =>
  openOutboundHttp({
    allowHosts,
    timeoutMs: 300,
    largestAnswerBytes: 10_000,
    resolve: async (host) => names[host]?.[0] ?? ["127.0.0.1"],
  });

const inward = [
  "http://127.0.0.1",
  "http://[::1]",
  "http://0.0.0.0",
  "http://0",
  "http://2130706433",
  "http://0x7f.1",
  "http://127.1",
  "http://[::ffff:127.0.0.1]",
  "http://169.254.169.254",
  "http://100.64.0.1",
  "http://10.1.2.3",
  "http://172.16.0.1",
  "http://192.168.1.1",
  "http://[fd00::1]",
  "http://[fe80::1]",
  "http://192.0.0.8",
  "http://198.18.0.1",
  "http://[64:ff9b::7f00:1]",
  "http://[2002:7f00:1::]",
  "http://224.0.0.1",
  "http://localhost",
  "http://inward.example",
  "http://127.0.0.1.nip.example",
  "http://mixed.example",
  "http://metadata.example",
  "http://a@127.0.0.1",
  "http://a@public.example",
  "file:///etc/passwd",
  "gopher://127.0.0.1:25/",
  "ftp://127.0.0.1",
  "javascript:1",
  "",
  "//127.0.0.1",
];
for (const url of inward) {
  test(`${url || "an empty URL"} is refused before anything is sent`, async () => {
    const http = anOutbound();
    const at = /^http:\/\/[^/]+$/.test(url) ? `${url}:${port}/` : url;
    await assert.rejects(http.request({ method: "GET", url: at }), OutboundRefused);
    assert.deepEqual(seen, []);
    http.close();
  });
}

test("a name that turns inward after its first look-up is refused at the second", async () => {
  const answers = [["93.184.216.34"], ["127.0.0.1"]];
  const lookup = publicLookup(async () => answers.shift() ?? []);
  const looked = () =>
    new Promise((resolve) => lookup("rebinding.example", {}, (problem, address) => resolve(problem ?? address)));

  assert.equal(await looked(), "93.184.216.34");
  assert.ok((await looked()) instanceof OutboundRefused);
});

test("a host on the list is reached wherever it is, and only it", async () => {
  const http = anOutbound([`127.0.0.1:${port}`]);
  const answer = await http.request({
    method: "POST",
    url: `http://127.0.0.1:${port}/x`,
    headers: { "x-name": "Anna" },
    body: "é",
  });
  assert.deepEqual([answer.status, answer.body], [200, "hello Anna"]);
  await assert.rejects(http.request({ method: "GET", url: "http://127.0.0.1:1/" }), OutboundRefused);
  http.close();
});

test("a redirect is an answer, not followed", async () => {
  const http = anOutbound([`127.0.0.1:${port}`]);
  assert.equal((await http.request({ method: "GET", url: `http://127.0.0.1:${port}/away` })).status, 302);
  assert.ok(!seen.includes("GET /secret"));
  http.close();
});

test("an answer that is too large or never comes is a fault", async () => {
  const http = anOutbound([`127.0.0.1:${port}`]);
  for (const path of ["large", "silent"])
    await assert.rejects(
      http.request({ method: "GET", url: `http://127.0.0.1:${port}/${path}` }),
      (problem) => !(problem instanceof OutboundUnreachable),
    );
  http.close();
});

test("a peer that is not there is told apart: nothing was sent", async () => {
  const http = anOutbound(["127.0.0.1:1"]);
  await assert.rejects(http.request({ method: "GET", url: "http://127.0.0.1:1/" }), OutboundUnreachable);
  http.close();
});
