import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { setTimeout as pause } from "node:timers/promises";

import type { Certificate } from "./make-certificates.ts";

/** Why Postfix and Dovecot cannot run here, or false when they can. */
export const noPostOffice: string | false =
  process.getuid?.() !== 0
    ? "needs root to start postfix"
    : ["/usr/sbin/postfix", "/usr/sbin/dovecot", "/usr/lib/dovecot/lmtp"].some((program) => !existsSync(program)) &&
      "needs postfix, dovecot-imapd and dovecot-lmtpd";

export type PostOffice = Ports & { close: () => Promise<void> };

type Ports = { smtpPort: number; smtpsPort: number; imapPort: number; imapsPort: number };
type Inside = Ports & { lmtpPort: number; relayPort: number };

/** What the office shows, and the authorities (a PEM file) that those it relays to must be signed by. */
export type OfficeTls = { shows: Certificate; rootsFile: string };

/**
 * Real Postfix before a real Dovecot, in a folder and on ports of their own. Mail for hub.test comes into the one mailbox
 * inbox@hub.test (password pw), mail for town.test into a mailbox each; relayed.test is relayed to `relayPort` of this
 * machine. With `tls` everything is done in TLS or not at all; without, nothing is.
 */
export async function openPostOffice({
  relayPort,
  tls = null,
}: {
  relayPort: number;
  tls?: OfficeTls | null;
}): Promise<PostOffice> {
  const folder = mkdtempSync(`${tmpdir()}/post-office-`);
  chmodSync(folder, 0o755);
  const [smtpPort = 0, imapPort = 0, lmtpPort = 0, smtpsPort = 0, imapsPort = 0] = await freePorts(5);
  const ports = { smtpPort, imapPort, smtpsPort, imapsPort };
  writePostfix(folder, { ...ports, lmtpPort, relayPort }, tls);
  writeDovecot(folder, { ...ports, lmtpPort, relayPort }, tls);

  const dovecot = spawn("/usr/sbin/dovecot", ["-F", "-c", `${folder}/dovecot.conf`], { stdio: "ignore" });
  const started = spawnSync("/usr/sbin/postfix", ["-c", `${folder}/postfix`, "start"], { encoding: "utf8" });
  const close = async () => {
    spawnSync("/usr/sbin/postfix", ["-c", `${folder}/postfix`, "abort"], { stdio: "ignore" });
    dovecot.kill();
    if (dovecot.exitCode === null && dovecot.signalCode === null) await once(dovecot, "exit");
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  };
  if (started.status !== 0) {
    await close();
    throw new Error(`postfix did not start: ${started.stderr}`);
  }
  const asked = [smtpPort, imapPort, lmtpPort, ...(tls === null ? [] : [smtpsPort, imapsPort])];
  for (const port of asked) await whenListening(port);
  return { ...ports, close };
}

/** Ports that were free a moment ago; these programs cannot be asked to choose one. */
async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, "127.0.0.1"));
  await Promise.all(servers.map((server) => once(server, "listening")));
  const ports = servers.map((server) => Number(Object(server.address()).port));
  await Promise.all(servers.map((server) => once(server.close(), "close")));
  return ports;
}

async function whenListening(port: number): Promise<void> {
  for (let left = 100; left > 0; left--) {
    const socket = connect(port, "127.0.0.1");
    const isOpen = await Promise.race([
      once(socket, "connect").then(() => true),
      once(socket, "error").then(() => false),
    ]).catch(() => false);
    socket.destroy();
    if (isOpen) return;
    await pause(50);
  }
  throw new Error(`nobody listens on port ${port}`);
}

function writePostfix(folder: string, ports: Inside, tls: OfficeTls | null): void {
  for (const name of ["postfix", "queue", "data"]) mkdirSync(`${folder}/${name}`);
  spawnSync("chown", ["postfix", `${folder}/data`]);
  writeFileSync(`${folder}/postfix/transport`, `relayed.test smtp:[localhost]:${ports.relayPort}\n`);
  writeFileSync(`${folder}/postfix/inbox`, "/@hub\\.test$/ inbox@hub.test\n");
  writeFileSync(
    `${folder}/postfix/main.cf`,
    `compatibility_level = 3.6
queue_directory = ${folder}/queue
data_directory = ${folder}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
myhostname = mx.lab.test
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
virtual_mailbox_domains = hub.test town.test
virtual_mailbox_maps = static:ok
virtual_alias_maps = regexp:${folder}/postfix/inbox
virtual_transport = lmtp:inet:127.0.0.1:${ports.lmtpPort}
transport_maps = texthash:${folder}/postfix/transport
alias_maps =
alias_database =
local_recipient_maps =
smtpd_recipient_restrictions = permit_mynetworks, reject
default_transport = error:5.1.2 no mail leaves this test
disable_dns_lookups = yes
smtp_dns_support_level = disabled
maillog_file = ${folder}/mail.log
maillog_file_prefixes = ${folder}
notify_classes =
${tls === null ? "" : postfixTls(tls)}`,
  );
  writeFileSync(
    `${folder}/postfix/master.cf`,
    `127.0.0.1:${ports.smtpPort} inet n - n - - smtpd
${tls === null ? "" : `127.0.0.1:${ports.smtpsPort} inet n - n - - smtpd -o smtpd_tls_wrappermode=yes`}
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
`,
  );
}

/** Mail in by STARTTLS alone; mail out only to who shows that he is who he should be. */
const postfixTls = ({ shows, rootsFile }: OfficeTls): string => `smtpd_tls_security_level = encrypt
smtpd_tls_key_file = ${shows.keyFile}
smtpd_tls_cert_file = ${shows.certFile}
smtp_tls_security_level = verify
smtp_tls_verify_cert_match = hostname
smtp_tls_CAfile = ${rootsFile}
`;

function writeDovecot(folder: string, ports: Inside, tls: OfficeTls | null): void {
  mkdirSync(`${folder}/mail`, { mode: 0o777 });
  chmodSync(`${folder}/mail`, 0o777);
  writeFileSync(
    `${folder}/dovecot.conf`,
    `base_dir = ${folder}/run
log_path = ${folder}/dovecot.log
protocols = imap lmtp
listen = 127.0.0.1
${tls === null ? "ssl = no" : `ssl = required\nssl_key = <${tls.shows.keyFile}\nssl_cert = <${tls.shows.certFile}`}
disable_plaintext_auth = no
mail_location = maildir:${folder}/mail/%u
first_valid_uid = 1
passdb {
  driver = static
  args = password=pw
}
userdb {
  driver = static
  args = uid=nobody gid=nogroup home=${folder}/mail/%u allow_all_users=yes
}
service imap-login {
  inet_listener imap {
    port = ${ports.imapPort}
  }
  inet_listener imaps {
    port = ${tls === null ? 0 : ports.imapsPort}
    ssl = yes
  }
}
service lmtp {
  inet_listener lmtp {
    address = 127.0.0.1
    port = ${ports.lmtpPort}
  }
}
protocol lmtp {
  postmaster_address = postmaster@lab.test
}
`,
  );
}
