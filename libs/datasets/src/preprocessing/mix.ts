/** Which modules of a data set to train on: by layer, and by their share of signal. */
import { UserError } from '@hep/options';
import type { Generator } from '../random/generator.ts';
import type { WaferData } from '../wafers/wafer-data.ts';

/** Layers whose modules typically have that many eLinks (Ecoder study, produce_data.py). */
export const layersByElinks: Readonly<Record<number, (layer: number) => boolean>> = {
  2: (layer) => layer < 7 || layer > 13,
  3: (layer) => layer === 13,
  4: (layer) => layer === 7 || layer === 11,
  5: (layer) => layer >= 5 && layer <= 11,
};

/**
 * Rows in the layers that stand for a number of eLinks: 5: layers 5 to 11; 4: 7 and 11; 3: 13; 2: below 7, above 13.
 * @throws UserError without a column `layer`, for another number of eLinks, or when no row is left
 */
export function rowsOfElinks({ rows, side }: WaferData, elinks: number): Int32Array<ArrayBuffer> {
  const layer = side.get('layer');
  const isWanted = layersByElinks[elinks];
  if (isWanted === undefined) {
    throw new UserError(`${elinks} eLinks: layers are known for 2, 3, 4 and 5 eLinks; choose one of them`);
  }
  if (layer === undefined) throw missing('layer', 'to select layers');
  const selected = Int32Array.from({ length: rows }, (_, row) => row).filter((row) => isWanted(layer[row]));
  if (selected.length === 0) {
    throw new UserError(`none of the ${rows} modules is in a layer of ${elinks} eLinks; give other files`);
  }
  return selected;
}

/** Least share of signal before the mixing: fewer modules are repeated until they are as many. */
const LEAST_SIGNAL = 0.1;

/**
 * Rows in which a share `pileUp` (0 to 1, exclusive) is pile-up (`SimEnergyTotal` 0) and the rest signal. Signal below
 * a tenth of all modules is repeated up to that share; then the kind that is too plentiful is thinned at random.
 * @throws UserError without a column `SimEnergyTotal`, or when one of the kinds is not there
 */
export function mixOf({ rows, side }: WaferData, pileUp: number, random: Generator): Int32Array<ArrayBuffer> {
  const energy = side.get('SimEnergyTotal');
  if (energy === undefined) throw missing('SimEnergyTotal', 'to mix signal and pile-up');
  const shuffled = random.permutation(rows);
  const signal = shuffled.filter((row) => energy[row] > 0);
  const rest = shuffled.filter((row) => energy[row] === 0);
  if (signal.length === 0 || rest.length === 0) {
    const [there, absent] = signal.length === 0 ? ['pile-up', 'signal'] : ['signal', 'pile-up'];
    throw new UserError(
      `all ${rows} modules are ${there}, expected some of ${absent} to mix with; give other files`,
    );
  }
  // signal / (signal + rest) reaches the least share when signal = rest * share / (1 - share).
  const enough = Math.max(signal.length, Math.ceil((rest.length * LEAST_SIGNAL) / (1 - LEAST_SIGNAL)));
  const total = Math.min(enough / (1 - pileUp), rest.length / pileUp);
  const counts = [Math.max(1, Math.round(total * (1 - pileUp))), Math.max(1, Math.round(total * pileUp))];
  const mixed = new Int32Array(counts[0] + counts[1]);
  for (let i = 0; i < counts[0]; i++) mixed[i] = signal[i % signal.length];
  mixed.set(rest.subarray(0, counts[1]), counts[0]);
  return random.permutation(mixed.length).map((i) => mixed[i]);
}

function missing(column: string, purpose: string): UserError {
  return new UserError(`column ${column} is missing, expected it ${purpose}; give files with this column`);
}
