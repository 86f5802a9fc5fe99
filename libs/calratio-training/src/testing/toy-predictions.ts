import { createGenerator } from '@hep/datasets';
import type { EpochRow } from '@hep/training';
import type { PredictionColumn, PredictionColumns } from '../evaluation/scored-jets.ts';
import { OUTPUTS, PREDICTION_COLUMNS } from '../evaluation/scored-jets.ts';

const MASSES = [
  [0, 0],
  [60, 15],
  [600, 150],
] as const;

/**
 * Outputs of a network that does not exist, for as many main as control region jets.
 * @param separation how clear the classes are
 * @param shift how far the signal score of recorded multijets lies above that of simulated ones
 */
export function toyPredictions(
  jets: number,
  { seed = 1, separation = 3, shift = 0 } = {},
): PredictionColumns {
  const random = createGenerator(seed);
  const columns = Object.fromEntries(
    PREDICTION_COLUMNS.map((name) => [name, new Float64Array(2 * jets)]),
  ) as PredictionColumns;
  for (let jet = 0; jet < 2 * jets; jet++) {
    const sample = jet < jets ? 0 : 1;
    const label = sample === 0 ? random.integer(3) : 2 * random.integer(2);
    const truth = sample === 0 ? label : 0;
    const [mH, mS] = MASSES[label === 1 ? 1 + random.integer(2) : 0];
    const exponentials = OUTPUTS.map((_, output) => {
      const moved = sample === 1 && label === 2 && output === 1 ? shift : 0;
      return Math.exp((output === truth ? separation : 0) + moved + 2 * random.normal());
    });
    const sum = exponentials.reduce((total, value) => total + value, 0);
    const weight = label === 0 ? 0.5 + random.uniform() : 1;
    const [qcd, sig, bib] = exponentials.map((value) => value / sum);
    const row: Record<PredictionColumn, number> = {
      ...{ sample, label, weight, mcWeight: 2 * weight, llp_mH: mH, llp_mS: mS },
      ...{ jet_pt: random.uniform(), qcd, sig, bib },
    };
    for (const name of PREDICTION_COLUMNS) columns[name][jet] = row[name];
  }
  return columns;
}

/** History of a training that does not exist: losses fall, the K-S sum rises and falls. */
export function toyHistory(epochs: number): EpochRow[] {
  return Array.from({ length: epochs }, (_, i) => {
    const values = {
      ...{ mainLoss: 1 / (i + 1), val_mainLoss: 1.1 / (i + 1), mainAccuracy: 1 - 0.5 / (i + 1) },
      ...{ adversaryLoss: 0.69 - 0.1 / (i + 1), val_adversaryLoss: 0.69 - 0.2 / (i + 1) },
      ...{ discriminatorLoss: 0.6 - 0.1 / (i + 1) },
      ...{ val_ks_qcd: 0.3 + 0.1 * (i % 3), val_ks_sig: 0.2 + 0.1 * (i % 2), val_ks_bib: 0.1 },
    };
    const val_ks = values.val_ks_qcd + values.val_ks_sig + values.val_ks_bib;
    return {
      epoch: i + 1,
      values: { ...values, val_ks, val_ks_by_chance: 0.2 },
      learningRate: 1e-3,
      seconds: 1,
    };
  });
}
