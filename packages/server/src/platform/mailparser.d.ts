// What is used of mailparser 3.9, which brings no types of its own.
declare module "mailparser" {
  import type { Readable } from "node:stream";

  export type ParsedAddress = { name: string; address?: string };
  export type AddressHeader = { value: ParsedAddress[]; text: string };
  export type StructuredHeader = { value: string; params: Record<string, string> };
  export type HeaderValue = string | string[] | AddressHeader | StructuredHeader | Date | Record<string, unknown>;

  export type ParsedPart = {
    contentType: string;
    contentDisposition?: string;
    filename?: string;
    content: Buffer;
    size: number;
  };

  export type ParsedMail = {
    headers: Map<string, HeaderValue>;
    headerLines: { key: string; line: string }[];
    attachments: ParsedPart[];
    subject?: string;
    from?: AddressHeader;
    to?: AddressHeader | AddressHeader[];
    cc?: AddressHeader | AddressHeader[];
    bcc?: AddressHeader | AddressHeader[];
    replyTo?: AddressHeader;
    date?: Date;
    messageId?: string;
    inReplyTo?: string;
    references?: string | string[];
    text?: string;
    html?: string | false;
  };

  export type ParseOptions = {
    skipHtmlToText?: boolean;
    skipTextToHtml?: boolean;
    skipImageLinks?: boolean;
    skipTextLinks?: boolean;
    keepDeliveryStatus?: boolean;
    maxHtmlLengthToParse?: number;
  };

  export function simpleParser(source: string | Buffer | Readable, options?: ParseOptions): Promise<ParsedMail>;
}
