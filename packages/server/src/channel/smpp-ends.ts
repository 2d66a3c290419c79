import { carrierNumber, countryOfNumber, type NumberType } from "@rapport/engine/identity/index";
import type { Pdu } from "smpp";

/** Who wrote to which number of ours. Where the sender is not written in international form, it is of the receiver's country. */
export function endsOf(pdu: Pdu, ours: string): [from: string, to: string] {
  const named = typeOf(pdu.dest_addr_ton) === "international" ? countryOfNumber(pdu.destination_addr) : null;
  const country = named ?? countryOfNumber(ours) ?? countryOfNumber(pdu.destination_addr);
  return [
    carrierNumber(pdu.source_addr, typeOf(pdu.source_addr_ton), country),
    carrierNumber(pdu.destination_addr, typeOf(pdu.dest_addr_ton), country),
  ];
}

/** SMPP 3.4, 5.2.5. */
const typeOf = (ton: number): NumberType => (ton === 1 ? "international" : ton === 2 ? "national" : "unknown");
