/** The chip's bunch crossing counter, 5 bits: the crossing's number modulo 16, and 31 in crossing 0. */

/** Bunch crossings of an orbit of the LHC. */
export const CROSSINGS_PER_ORBIT = 3564;
/** Counter in crossing 0 of an orbit. */
export const ORBIT_START = 31;

const HEADER_SHIFT = 28;
const RESTART_HEADER = 9;

/** Counter value of a crossing 0..3563. */
export function counterOfCrossing(crossing: number): number {
  return crossing === 0 ? ORBIT_START : crossing % 16;
}

/**
 * Counts crossings block by block. Link words whose header is 9 restart the count; without such headers, the numbers
 * that the data came with count.
 */
export class BunchCounter {
  private restarted: number | null = null;

  /** @param restartValue crossing that a restart sets (CounterResetValue) */
  constructor(private readonly restartValue = 0) {}

  /**
   * Counters of a block.
   * @param crossings number of each crossing in its orbit
   * @param headerWords first input link of each crossing, header in bits 31..28; leave out where there are no headers
   */
  count(crossings: ArrayLike<number>, headerWords?: ArrayLike<number>): Uint8Array {
    const counters = new Uint8Array(crossings.length);
    for (let row = 0; row < crossings.length; row++) {
      if (this.restarted !== null) this.restarted = (this.restarted + 1) % CROSSINGS_PER_ORBIT;
      if (headerWords !== undefined && headerWords[row] >>> HEADER_SHIFT === RESTART_HEADER) {
        this.restarted = this.restartValue;
      }
      counters[row] = counterOfCrossing(this.restarted ?? crossings[row]);
    }
    return counters;
  }
}
