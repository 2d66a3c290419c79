// What is used of smpp 0.5, which brings no types of its own. Fields are those of SMPP 3.4.
declare module "smpp" {
  import type { EventEmitter } from "node:events";
  import type { Server as NetServer } from "node:net";

  /** A decoded text with its user data header, one buffer an element, where the PDU had one; `bytes` as `sms-alphabet.ts` keeps them. */
  export type DecodedMessage = { message?: string | Buffer; udh?: Buffer[]; bytes?: Buffer };
  /** To send: bytes as they are, or a text and its header. */
  export type OutgoingMessage = string | Buffer | { udh?: Buffer; message: string | Buffer };

  export type PduFields = {
    system_id?: string;
    password?: string;
    system_type?: string;
    interface_version?: number;
    source_addr?: string;
    source_addr_ton?: number;
    source_addr_npi?: number;
    destination_addr?: string;
    dest_addr_ton?: number;
    dest_addr_npi?: number;
    esm_class?: number;
    registered_delivery?: number;
    data_coding?: number;
    short_message?: OutgoingMessage;
    message_payload?: OutgoingMessage;
    message_id?: string;
    command_status?: number;
    receipted_message_id?: string;
    message_state?: number;
  };

  export type Pdu = {
    command: string;
    command_status: number;
    sequence_number: number;
    system_id: string;
    password: string;
    message_id?: string;
    source_addr: string;
    source_addr_ton: number;
    destination_addr: string;
    dest_addr_ton: number;
    esm_class: number;
    registered_delivery: number;
    data_coding: number;
    short_message?: DecodedMessage | "";
    message_payload?: DecodedMessage;
    receipted_message_id?: string;
    message_state?: number;
    sar_msg_ref_num?: number;
    sar_total_segments?: number;
    sar_segment_seqnum?: number;
    user_message_reference?: number;
    response(fields?: PduFields): Pdu;
    isResponse(): boolean;
  };

  type Answer = (pdu: Pdu) => void;

  export class Session extends EventEmitter {
    send(pdu: Pdu, answer?: Answer): boolean;
    bind_transceiver(fields: PduFields, answer?: Answer): boolean;
    submit_sm(fields: PduFields, answer?: Answer): boolean;
    deliver_sm(fields: PduFields, answer?: Answer): boolean;
    enquire_link(answer?: Answer): boolean;
    unbind(answer?: Answer): boolean;
    close(done?: () => void): void;
    destroy(done?: () => void): void;
  }

  export type Server = NetServer & { sessions: Session[] };

  type Decode = (this: unknown, value: unknown, isWithoutHeader?: boolean) => DecodedMessage | Buffer | string;

  type Smpp = {
    filters: { message: { decode: Decode } };
    gsmCoder: { decode(bytes: Buffer, table: number): string; encode(text: string, table: number): Buffer };
    connect(options: { host: string; port: number; tls?: boolean; ca?: string[] }): Session;
    createServer(onSession: (session: Session) => void): Server;
  };

  const smpp: Smpp;
  export default smpp;
}
