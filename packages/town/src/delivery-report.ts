/** What a post office writes when nobody of that name lives there (RFC 3464), the headers of the mail attached. */
export function deliveryReport({
  sender,
  recipient,
  raw,
  domain,
}: {
  sender: string;
  recipient: string;
  raw: Buffer;
  domain: string;
}): string {
  const original = raw.toString("latin1").split("\r\n\r\n")[0] ?? "";
  return [
    `From: Mail Delivery System <MAILER-DAEMON@${domain}>`,
    `To: <${sender}>`,
    "Subject: Undelivered Mail Returned to Sender",
    "Auto-Submitted: auto-replied",
    "MIME-Version: 1.0",
    'Content-Type: multipart/report; report-type=delivery-status; boundary="report"',
    "",
    "--report",
    "Content-Type: text/plain; charset=us-ascii",
    "",
    `<${recipient}>: nobody of that name lives here.`,
    "",
    "--report",
    "Content-Type: message/delivery-status",
    "",
    `Reporting-MTA: dns; ${domain}`,
    "",
    `Final-Recipient: rfc822; ${recipient}`,
    "Action: failed",
    "Status: 5.1.1",
    "Diagnostic-Code: smtp; 550 5.1.1 User unknown",
    "",
    "--report",
    "Content-Type: text/rfc822-headers",
    "",
    original,
    "",
    "--report--",
    "",
  ].join("\r\n");
}
