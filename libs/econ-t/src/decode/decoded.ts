/** What the back end sees of each crossing. */
import { CHARGE_CODE, decodingTable, SUM_CODE, WIDE_SUM_CODE } from '../float-code.ts';
import type { FloatFormat } from '../float-code.ts';

/** Charges as they arrive. */
export interface DecodedCharges {
  /** Charges in CALQ counts in the order that the algorithm was given, [crossings, 48]. */
  readonly charges: Float32Array;
  /** Module sum of the format in CALQ counts, [crossings]; NaN where it has none. */
  readonly sums: Float64Array;
  /** Counter as it was sent, [crossings]. */
  readonly counters: Uint8Array;
  /** 1 where the chip sent no data because of a link reset, [crossings]. */
  readonly resets: Uint8Array;
}

/** Numbers of all codes: bin centres, but nothing for code 0, which empty cells have. */
export function chargeTable(format: FloatFormat, droppedBits: number): Float64Array {
  const table = decodingTable(format, droppedBits);
  table[0] = 0;
  return table;
}

/** Sum in CALQ counts by its code of 8 bits. */
export const sumTable = chargeTable(SUM_CODE, 0);

/** Sum in CALQ counts by its code of 9 bits. */
export const wideSumTable = chargeTable(WIDE_SUM_CODE, 0);

/** Table of 7-bit charges whose lowest `droppedBits` bits were dropped. */
export function cellTable(droppedBits: number): Float64Array {
  return chargeTable(CHARGE_CODE, droppedBits);
}
