/** A barrier for a fixed number of threads over shared memory. */

const ARRIVED = 0;
const ROUND = 1;
const ABORTED = 2;

/** Turns of polling before a thread goes to sleep: replicas finish within microseconds of each other. */
const SPINS = 4000;

export class Barrier {
  private readonly cells: Int32Array;

  /** @param shared 12 bytes that all parties share, zero at the start */
  constructor(
    shared: SharedArrayBuffer,
    private readonly parties: number,
  ) {
    this.cells = new Int32Array(shared);
  }

  static create(): SharedArrayBuffer {
    return new SharedArrayBuffer(12);
  }

  /** Returns when all parties have arrived. Throws when one of them aborted. */
  wait(): void {
    this.leave(this.arrive());
  }

  /** Tells the others that this party is here, which may do something else before it calls `leave` with the result. */
  arrive(): number {
    const round = Atomics.load(this.cells, ROUND);
    if (Atomics.add(this.cells, ARRIVED, 1) + 1 === this.parties) {
      Atomics.store(this.cells, ARRIVED, 0);
      Atomics.add(this.cells, ROUND, 1);
      Atomics.notify(this.cells, ROUND);
    }
    return round;
  }

  /** Returns when all parties have arrived in a round. Throws when one of them aborted, before or meanwhile. */
  leave(round: number): void {
    const isOpen = () => Atomics.load(this.cells, ROUND) === round && Atomics.load(this.cells, ABORTED) === 0;
    for (let spin = 0; spin < SPINS && isOpen(); spin++);
    while (isOpen()) Atomics.wait(this.cells, ROUND, round);
    if (Atomics.load(this.cells, ABORTED) !== 0) throw new Error('another replica failed');
  }

  /** Wakes every waiting party with an error. */
  abort(): void {
    Atomics.store(this.cells, ABORTED, 1);
    Atomics.add(this.cells, ROUND, 1);
    Atomics.notify(this.cells, ROUND);
  }
}
