/** Algorithm "super trigger cells": sums of 4 or 16 neighbouring trigger cells, and where the largest charge is. */
import { CHANNELS, crossingsOf } from './channels.ts';
import { CHARGE_CODE, WIDE_SUM_CODE } from './float-code.ts';
import type { FloatFormat } from './float-code.ts';

/** Names of the chip's formats: cells in a super cell, bits of its sum; STC has the address of the largest charge. */
export const superCellTypes = ['STC4_9', 'STC16_9', 'CTC4_7', 'STC4_7'] as const;

/** One of these. */
export type SuperCellType = (typeof superCellTypes)[number];

/** How a type is sent. */
export interface SuperCellFormat {
  /** Neighbouring channels in a super cell. */
  readonly cells: 4 | 16;
  /** Bits of the address; 0 where it is not sent. */
  readonly addressBits: 0 | 2 | 4;
  readonly sumCode: FloatFormat;
  /** Whether the algorithms' dropped bits are dropped from the sum. */
  readonly dropsBits: boolean;
  /** Super cells that fit on 1, 2, ... eLinks; the chip sends nothing on more eLinks than are listed. */
  readonly groupsByELinks: readonly number[];
}

/** How each type is sent. */
export const superCellFormats: Readonly<Record<SuperCellType, SuperCellFormat>> = {
  STC4_9: {
    cells: 4,
    addressBits: 2,
    sumCode: WIDE_SUM_CODE,
    dropsBits: false,
    groupsByELinks: [2, 5, 8, 11, 12],
  },
  STC16_9: { cells: 16, addressBits: 4, sumCode: WIDE_SUM_CODE, dropsBits: false, groupsByELinks: [2, 3] },
  CTC4_7: { cells: 4, addressBits: 0, sumCode: CHARGE_CODE, dropsBits: true, groupsByELinks: [4, 8, 12] },
  STC4_7: { cells: 4, addressBits: 2, sumCode: CHARGE_CODE, dropsBits: true, groupsByELinks: [3, 6, 10, 12] },
};

/** Sums of each crossing. */
export interface SuperCells {
  /** Sum of the charges of each super cell, [crossings, 48 / cells]. */
  readonly sums: Int32Array;
  /** Place of the largest charge in its super cell, the last one of equals, [crossings, 48 / cells]. */
  readonly addresses: Uint8Array;
}

/**
 * Sums groups of `cells` neighbouring channels.
 * @param charges CALQ in the chip's order, [crossings, 48]
 */
export function superTriggerCells(charges: Int32Array, cells: 4 | 16): SuperCells {
  crossingsOf(charges, CHANNELS, 'charges');
  const sums = new Int32Array(charges.length / cells);
  const addresses = new Uint8Array(sums.length);
  for (let group = 0; group < sums.length; group++) {
    const start = group * cells;
    let [sum, address, largest] = [0, 0, -1];
    for (let k = 0; k < cells; k++) {
      const charge = charges[start + k];
      sum += charge;
      if (charge >= largest) {
        largest = charge;
        address = k;
      }
    }
    sums[group] = sum;
    addresses[group] = address;
  }
  return { sums, addresses };
}
