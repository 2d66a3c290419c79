import { Socket } from "node:net";

/**
 * A socket that gives the kernel in one call what is written within one turn of the event loop: statements that are sent
 * together cost one system call, not one each.
 */
export class GatheringSocket extends Socket {
  #isGathering = false;

  override write(chunk: Uint8Array | string, ...rest: unknown[]): boolean {
    this.#gather();
    return super.write(chunk, ...(rest as []));
  }

  #gather(): void {
    if (this.#isGathering) return;
    this.#isGathering = true;
    this.cork();
    process.nextTick(() => {
      this.#isGathering = false;
      this.uncork();
    });
  }
}
