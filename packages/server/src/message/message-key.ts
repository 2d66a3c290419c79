/** A message's id in the short form that fits a bounce address (RFC 5321: 64 characters before the @): 22 of base64url. */
export const messageKey = (messageId: string): string =>
  Buffer.from(messageId.replaceAll("-", ""), "hex").toString("base64url");
