/** Algorithm "best choice": the trigger cells with the largest charges. */
import { addressOfKey, batcherNetwork, sortKey, sortKeys, valueOfKey } from './batcher.ts';
import { CHANNELS, crossingsOf } from './channels.ts';

/** Largest charge of the sorter, 18 bits. */
const LARGEST_CHARGE = 2 ** 18 - 1;

const network = batcherNetwork(CHANNELS);

/** The charges of each crossing in their order. */
export interface BestChoice {
  /** Charges less their dropped bits in descending order, [crossings, 48]. */
  readonly charges: Int32Array;
  /** Channel of each of these charges, [crossings, 48]. */
  readonly channels: Uint8Array;
}

/**
 * Sorts the charges of every crossing.
 * @param charges CALQ, [crossings, 48]
 * @param droppedBits lowest bits dropped from each charge; what remains is cut at 18 bits
 */
export function bestChoice(charges: Int32Array, droppedBits: number): BestChoice {
  const crossings = crossingsOf(charges, CHANNELS, 'charges');
  const sorted = new Int32Array(charges.length);
  const channels = new Uint8Array(charges.length);
  const keys = new Int32Array(CHANNELS);
  for (let row = 0; row < crossings; row++) {
    const start = row * CHANNELS;
    for (let k = 0; k < CHANNELS; k++) {
      keys[k] = sortKey(Math.min(charges[start + k] >> droppedBits, LARGEST_CHARGE), k);
    }
    sortKeys(keys, network);
    for (let k = 0; k < CHANNELS; k++) {
      sorted[start + k] = valueOfKey(keys[k]);
      channels[start + k] = addressOfKey(keys[k]);
    }
  }
  return { charges: sorted, channels };
}
