import { peerOf } from "../platform/peer-of.ts";

export type MailSlotLimits = {
  /** Sessions at once: of all peers, and of one (an IPv4 address, an IPv6 network of 64 bits). */
  most: number;
  mostByPeer: number;
  /** Longest time without progress: while there is room, and while slots are scarce. */
  patientMs: number;
  scarceMs: number;
};

export const MAIL_SLOTS: MailSlotLimits = { most: 100, mostByPeer: 20, patientMs: 120_000, scarceMs: 30_000 };

/** Beyond this share of the slots they are scarce. */
const SCARCE = 0.8;

type Slot = { peer: string; progressAt: number; isBusy: boolean; hangUp: () => void };

export type MailSlots = ReturnType<typeof openMailSlots>;

/**
 * Who may talk to the mail listener. When all slots are taken, a newcomer gets that of whoever has made no progress for
 * the longest time, of a peer that has more slots than the newcomer's or has been silent for long. Progress is a mail that
 * was accepted, and the bytes of one: sending commands, or one byte a second, is none.
 */
export function openMailSlots(
  { most, mostByPeer, patientMs, scarceMs }: MailSlotLimits,
  isRelay: (address: string) => boolean,
) {
  const slots = new Map<string, Slot>();
  const countOf = (peer: string) => [...slots.values()].filter((slot) => slot.peer === peer).length;
  const isScarce = () => slots.size >= most * SCARCE;

  function hangUp(id: string): void {
    const slot = slots.get(id);
    slots.delete(id);
    slot?.hangUp();
  }

  function makeRoom(newcomer: string): boolean {
    const own = countOf(newcomer);
    const silentSince = performance.now() - scarceMs;
    const [stalest] = [...slots]
      .filter(([, { isBusy }]) => !isBusy)
      .filter(([, { peer, progressAt }]) => progressAt < silentSince || countOf(peer) > own + 1)
      .sort(([, a], [, b]) => a.progressAt - b.progressAt);
    if (stalest) hangUp(stalest[0]);
    return stalest !== undefined;
  }

  const sweeper = setInterval(
    () => {
      const longestMs = isScarce() ? scarceMs : patientMs;
      for (const [id, { isBusy, progressAt }] of slots)
        if (!isBusy && progressAt < performance.now() - longestMs) hangUp(id);
    },
    Math.min(5_000, scarceMs),
  );
  sweeper.unref();

  return {
    /** Whether a session of this address may begin; `hangUp` ends it when its slot is needed. */
    take(id: string, address: string, hangUpOn: () => void): boolean {
      const peer = peerOf(address);
      if (countOf(peer) >= mostByPeer && !isRelay(address)) return false;
      if (slots.size >= most && !makeRoom(peer)) return false;
      slots.set(id, { peer, progressAt: performance.now(), isBusy: false, hangUp: hangUpOn });
      return true;
    },
    progress(id: string): void {
      const slot = slots.get(id);
      if (slot) slot.progressAt = performance.now();
    },
    /** While we work on its mail, the peer waits for us. */
    async busy<T>(id: string, work: () => Promise<T>): Promise<T> {
      const slot = slots.get(id);
      if (slot) slot.isBusy = true;
      try {
        return await work();
      } finally {
        if (slot) Object.assign(slot, { isBusy: false, progressAt: performance.now() });
      }
    },
    release: (id: string) => void slots.delete(id),
    close: () => clearInterval(sweeper),
  };
}
