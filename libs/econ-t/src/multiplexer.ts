/**
 * The multiplexer in front of the algorithms, and the three orders of a module's 48 channels:
 * trigger cells (columns CALQ_0..47), input (on the links) and chip (groups of 4 or 16 neighbours are super cells).
 */
import { CHANNELS, crossingsOf, expectLength } from './channels.ts';

/** Place in the chip's order of each trigger cell (LDM_TC_Mapping, PostMux). */
export const chipChannels: readonly number[] = [
  31, 30, 27, 26, 28, 29, 24, 25, 19, 18, 23, 22, 16, 17, 20, 21, 15, 14, 11, 10, 12, 13, 8, 9, 3, 2, 7, 6, 0,
  1, 4, 5, 47, 46, 43, 42, 44, 45, 40, 41, 35, 34, 39, 38, 32, 33, 36, 37,
];

/** Place on the input links of each trigger cell (LDM_TC_Mapping, PreMux). */
export const inputChannels: readonly number[] = [
  29, 28, 27, 26, 30, 31, 25, 24, 22, 21, 18, 16, 23, 20, 19, 17, 15, 12, 11, 10, 14, 13, 8, 9, 6, 5, 2, 0, 7,
  4, 3, 1, 44, 43, 42, 41, 47, 45, 40, 32, 46, 39, 35, 33, 38, 37, 36, 34,
];

/** Order of the multiplexer's outputs; `input` passes the inputs through. */
export type ChannelOrder = 'chip' | 'trigger-cell' | 'input';

/** Select registers that bring the inputs into an order: output k is input `select[k]`. */
export function multiplexerSelect(order: ChannelOrder): Uint8Array {
  if (order === 'input') return Uint8Array.from({ length: CHANNELS }, (_, channel) => channel);
  if (order === 'trigger-cell') return Uint8Array.from(inputChannels);
  return multiplex(Uint8Array.from(inputChannels), triggerCellOfChannel());
}

/** Trigger cell at each place of the chip's order, [48]. */
export function triggerCellOfChannel(): Uint8Array {
  return inverseSelect(chipChannels);
}

/**
 * Select registers that undo `select`.
 * @throws RangeError unless `select` holds each of 0..47 once
 */
export function inverseSelect(select: ArrayLike<number>): Uint8Array {
  expectLength(select, CHANNELS, 'select registers');
  const inverse = new Uint8Array(CHANNELS).fill(CHANNELS);
  for (let k = 0; k < CHANNELS; k++) inverse[select[k]] = k;
  const absent = inverse.indexOf(CHANNELS);
  if (absent >= 0)
    throw new RangeError(`select registers: channel ${absent} is not selected; expected each once`);
  return inverse;
}

/** Arrays that hold a number for each channel of each crossing. */
export type Channels = Uint8Array | Uint16Array | Int32Array | Uint32Array | Float32Array | Float64Array;

/**
 * Channels [crossings, 48] in another order: output k is input `select[k]`.
 * @throws RangeError when a length does not fit
 */
export function multiplex<T extends Channels>(channels: T, select: ArrayLike<number>): T {
  const crossings = crossingsOf(channels, CHANNELS, 'channels');
  expectLength(select, CHANNELS, 'select registers');
  const selected = channels.slice() as T;
  for (let row = 0; row < crossings; row++) {
    const start = row * CHANNELS;
    for (let k = 0; k < CHANNELS; k++) selected[start + k] = channels[start + select[k]];
  }
  return selected;
}
