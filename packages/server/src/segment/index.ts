export { countSegment, customerForExplain, listSegment, type Member, type Place } from "./store.ts";
