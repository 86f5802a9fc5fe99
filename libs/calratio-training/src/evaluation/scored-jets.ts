/** Jets with the outputs of a trained network, as `predictions.npz` of a run keeps them. */
import { UserError } from '@hep/options';

/** Outputs of the network by their columns, in its order: multijet, signal, beam-induced background. */
export const OUTPUTS = ['qcd', 'sig', 'bib'] as const;

/** Name of an output. */
export type Output = (typeof OUTPUTS)[number];

/** Labels in the files: multijet simulation, signal, recorded data (BIB in the main sample, multijets in the control region). */
export const LABEL = { qcd: 0, signal: 1, data: 2 } as const;

/** All arrays [jets]. */
export interface ScoredJets {
  /** One of `LABEL`. */
  readonly label: Uint8Array;
  /** Monte Carlo weight; only ratios within a label matter. */
  readonly weight: Float64Array;
  /** Masses of the heavy scalar and the long-lived one, GeV; 0 where there is none. */
  readonly mH: Float64Array;
  readonly mS: Float64Array;
  /** Transverse momentum as the network sees it. */
  readonly jetPt: Float64Array;
  /** 0 to 1; the three of a jet sum to 1. */
  readonly scores: Readonly<Record<Output, Float64Array>>;
}

/** Test jets of a run: main sample and control region. */
export interface Predictions {
  readonly main: ScoredJets;
  readonly control: ScoredJets;
}

const SAMPLE = { main: 0, control: 1 } as const;

/**
 * Columns of `predictions.npz`: `sample` is 0 in the main sample and 1 in the control region, `weight` that of the loss,
 * `mcWeight` that of metrics and plots, masses are in GeV, `jet_pt` is as the network reads it.
 */
export const PREDICTION_COLUMNS = [
  ...(['sample', 'label', 'weight', 'mcWeight', 'llp_mH', 'llp_mS', 'jet_pt'] as const),
  ...OUTPUTS,
] as const;

/** Name of one of them. */
export type PredictionColumn = (typeof PREDICTION_COLUMNS)[number];

/** The columns, each [jets]. */
export type PredictionColumns = Record<PredictionColumn, Float64Array>;

/**
 * Takes columns of predictions, each [jets], apart by sample.
 * @param source of them, for messages
 * @throws UserError with source, row and column when a number or a label is none
 */
export function predictionsOf(columns: Readonly<PredictionColumns>, source: string): Predictions {
  for (const name of PREDICTION_COLUMNS) requireNumbers(columns[name], name, source);
  requireLabels(columns, source);
  const all: ScoredJets = {
    label: Uint8Array.from(columns.label),
    weight: columns.mcWeight,
    mH: columns.llp_mH,
    mS: columns.llp_mS,
    jetPt: columns.jet_pt,
    scores: { qcd: columns.qcd, sig: columns.sig, bib: columns.bib },
  };
  return {
    main: jetsWhere(all, (jet) => columns.sample[jet] === SAMPLE.main),
    control: jetsWhere(all, (jet) => columns.sample[jet] === SAMPLE.control),
  };
}

/** The jets for which the condition on their number holds. */
export function jetsWhere(jets: ScoredJets, condition: (jet: number) => boolean): ScoredJets {
  const rows = rowsWhere(jets, condition);
  const pick = (values: Float64Array) => picked(values, rows);
  const label = new Uint8Array(rows.length);
  for (let i = 0; i < rows.length; i++) label[i] = jets.label[rows[i]];
  return {
    label,
    weight: pick(jets.weight),
    mH: pick(jets.mH),
    mS: pick(jets.mS),
    jetPt: pick(jets.jetPt),
    scores: { qcd: pick(jets.scores.qcd), sig: pick(jets.scores.sig), bib: pick(jets.scores.bib) },
  };
}

/** Numbers of the jets for which the condition holds. */
export function rowsWhere({ label }: ScoredJets, condition: (jet: number) => boolean): Int32Array {
  const rows = new Int32Array(label.length);
  let count = 0;
  for (let jet = 0; jet < label.length; jet++) if (condition(jet)) rows[count++] = jet;
  return rows.subarray(0, count);
}

/** Values of some rows. Written out, since `Float64Array.from` with a function is ten times slower. */
export function picked(values: Float64Array, rows: Int32Array): Float64Array {
  const found = new Float64Array(rows.length);
  for (let i = 0; i < rows.length; i++) found[i] = values[rows[i]];
  return found;
}

/** Masses of the heavy scalar in the signal, GeV, rising. */
export function heavyMasses({ label, mH }: ScoredJets): number[] {
  return [...new Set(mH.filter((_, jet) => label[jet] === LABEL.signal))].sort((a, b) => a - b);
}

/** Weights scaled so that those of each label sum to its number of jets; a label without positive sum keeps its own. */
export function balancedWeights({ label, weight }: ScoredJets): Float64Array {
  const sums = new Float64Array(3);
  const counts = new Float64Array(3);
  label.forEach((kind, jet) => {
    sums[kind] += weight[jet];
    counts[kind]++;
  });
  return weight.map((value, jet) => {
    const kind = label[jet];
    return sums[kind] > 0 ? (value * counts[kind]) / sums[kind] : value;
  });
}

function requireNumbers(values: Float64Array, name: string, source: string): void {
  const row = values.findIndex((value) => !Number.isFinite(value));
  if (row < 0) return;
  throw new UserError(`${source} row ${row}, column ${name}: ${values[row]}, expected a number`);
}

function requireLabels(
  { sample, label }: Readonly<Record<PredictionColumn, Float64Array>>,
  source: string,
): void {
  const isKnown = (row: number) =>
    sample[row] === SAMPLE.main ? [0, 1, 2].includes(label[row]) : [0, 2].includes(label[row]);
  const row = label.findIndex((_, index) => !isKnown(index));
  if (row < 0) return;
  const expected = sample[row] === SAMPLE.main ? '0, 1 or 2' : '0 or 2 (control region)';
  throw new UserError(`${source} row ${row}, column label: ${label[row]}, expected ${expected}`);
}
