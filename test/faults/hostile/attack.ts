/** Whom the attackers know, and what they have got hold of: what stands in a page, and what a customer is sent. */
export type Target = {
  httpPort: number;
  mailPort: number;
  browserKey: string;
  /** A key of a program that may read: for cursors that nobody gave. */
  readKey: string;
  /** The reply address of a letter that one of the attackers was sent as a customer. */
  ownToken: string;
  customers: number;
  /** Numbers of those whose STOP, START and "1" are forged. */
  stopped: number[];
  started: number[];
  offered: number[];
};

/** One kind of attack: so many at once, each resting so long between two strikes. A strike answers what it was told. */
export type Attack = { name: string; clients: number; pauseMs: number; strike(number: number): Promise<string> };

/** What was answered to each kind of attack, and how often. */
export type Tally = Record<string, Record<string, number>>;

export const DOMAIN = "rapport.example";
export const emailOf = (number: number): string => `u${number}@honest.example`;
export const phoneOf = (number: number): string => `+1312555${String(1_000 + number)}`;
/** Attackers come from many addresses. */
export const peerOf = (number: number): string => `127.0.1.${1 + (number % 40)}`;
export const rest = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export const pick = <T>(all: readonly T[], number: number): T => all[number % all.length] as T;
