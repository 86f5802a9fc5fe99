/** Frames of fixed length back to charges: best choice, super trigger cells, repeater, autoencoder. */
import { chipBestChoiceCells, LATENT_SIZE } from '@hep/hgcal-geometry';
import { CHANNELS } from '../channels.ts';
import { latentLayout } from '../frames/autoencoder-frames.ts';
import { LEAST_FOR_MAP } from '../frames/best-choice-frames.ts';
import type { BitReader } from '../frames/bits.ts';
import { WORD_BITS } from '../frames/bits.ts';
import { superCellsSent } from '../frames/super-cell-frames.ts';
import { superCellFormats } from '../super-trigger-cells.ts';
import type { SuperCellType } from '../super-trigger-cells.ts';
import { cellTable, chargeTable, sumTable, wideSumTable } from './decoded.ts';

/** Where the sum of a super cell goes: to its largest cell as far as its address is sent, or in equal parts to all. */
export type SuperCellSpread = 'largest' | 'equal';

/** Reads frames of one format. */
export interface FrameReader {
  /** Numbers that a frame gives: 48 charges, or 16 latent numbers. */
  readonly width: number;
  /** Bits of the counter at the beginning of a frame. */
  readonly counterBits: 4 | 5;
  /** Bits of a frame that are in use; what follows is zero. */
  readonly usedBits: number;
  /** Reads what follows the counter into row `row` of the numbers; returns the module sum, or NaN. */
  readonly read: (bits: BitReader, values: Float32Array, row: number) => number;
}

/** Charges that the sender left out because their code is 0 cannot be told from the places of the others. */
export function bestChoiceReader(eLinks: number, droppedBits: number): FrameReader {
  const sent = chipBestChoiceCells(eLinks);
  const table = cellTable(droppedBits);
  const channels = new Uint8Array(CHANNELS);
  return {
    width: CHANNELS,
    counterBits: 4,
    usedBits: 12 + (sent < LEAST_FOR_MAP ? 6 * sent : CHANNELS) + 7 * sent,
    read(bits, charges, row) {
      const sum = sumTable[bits.read(8)] * 2 ** droppedBits;
      let count = 0;
      if (sent < LEAST_FOR_MAP) while (count < sent) channels[count++] = bits.read(6);
      else for (let k = 0; k < CHANNELS; k++) if (bits.read(1)) channels[count++] = k;
      for (let i = 0; i < Math.min(count, sent); i++) {
        const code = bits.read(7);
        if (code > 0) charges[row * CHANNELS + channels[i]] = table[code];
      }
      return sum;
    },
  };
}

/** @throws RangeError when the chip sends nothing on so many eLinks */
export function superCellReader(
  type: SuperCellType,
  eLinks: number,
  droppedBits: number,
  spread: SuperCellSpread,
): FrameReader {
  const { cells, addressBits, sumCode, dropsBits } = superCellFormats[type];
  const sent = superCellsSent(type, eLinks);
  if (sent === 0) {
    const most = superCellFormats[type].groupsByELinks.length;
    throw new RangeError(`${type} on ${eLinks} eLinks: the chip sends nothing; expected at most ${most}`);
  }
  const sumBits = sumCode.exponentBits + sumCode.mantissaBits;
  const table = chargeTable(sumCode, dropsBits ? droppedBits : 0);
  const addresses = new Uint8Array(CHANNELS / cells);
  return {
    width: CHANNELS,
    counterBits: 4,
    usedBits: 4 + sent * (addressBits + sumBits),
    read(bits, charges, row) {
      for (let group = 0; group < sent; group++) addresses[group] = bits.read(addressBits);
      for (let group = 0; group < sent; group++) {
        const sum = table[bits.read(sumBits)];
        const start = row * CHANNELS + group * cells;
        if (spread === 'equal' || addressBits === 0) charges.fill(sum / cells, start, start + cells);
        else charges[start + addresses[group]] = sum;
      }
      return NaN;
    },
  };
}

/** On fewer than 11 eLinks only the first charges arrive. */
export function repeaterReader(eLinks: number, droppedBits: number): FrameReader {
  const table = cellTable(droppedBits);
  const arriving = Math.min(CHANNELS, Math.floor((2 * eLinks * WORD_BITS - 5) / 7));
  return {
    width: CHANNELS,
    counterBits: 5,
    usedBits: arriving === CHANNELS ? 5 + 7 * CHANNELS : 2 * eLinks * WORD_BITS,
    read(bits, charges, row) {
      for (let k = 0; k < arriving; k++) charges[row * CHANNELS + k] = table[bits.read(7)];
      return NaN;
    },
  };
}

/** Latent numbers in units of 2^-8; bits that were not sent are zero. */
export function latentReader(eLinks: number, mask: ArrayLike<number>): FrameReader {
  const { outputs, bits: places, padding } = latentLayout(mask, eLinks);
  return {
    width: LATENT_SIZE,
    counterBits: 5,
    usedBits: 5 + 9 + padding + places.length,
    read(bits, latent, row) {
      const sum = wideSumTable[bits.read(9)];
      for (let i = 0; i < padding; i++) bits.read(1);
      for (let i = 0; i < places.length; i++) {
        latent[row * LATENT_SIZE + outputs[i]] += bits.read(1) << places[i];
      }
      return sum;
    },
  };
}
