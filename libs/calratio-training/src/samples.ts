/** The two samples of a training, from tables of jets to what network, losses and metrics read. */
import { matchedWeights, networkInputs, parametrisedMasses } from '@hep/calratio-rnn';
import type { JetMasses, MassParameter, NetworkInputs } from '@hep/calratio-rnn';
import { createGenerator } from '@hep/datasets';
import { flatNumbers } from '@hep/datasets/columns';
import type { ColumnTable } from '@hep/datasets/columns';
import { UserError } from '@hep/options';
import { LABEL } from './evaluation/scored-jets.ts';
import { eventsOf } from './event-numbers.ts';

/** A table of jets as `loadJetTable` gives it (known labels, finite numbers), with its name for messages. */
export interface NamedTable {
  readonly table: ColumnTable;
  readonly source: string;
}

/** Jets of a sample; every array has one entry or row for each. */
export interface TrainingSample {
  readonly rows: number;
  /** Names the sample in messages. */
  readonly source: string;
  readonly inputs: NetworkInputs;
  readonly labels: Uint8Array;
  /** Weights of the losses: of the file in the main sample, simulation scaled to data in the control region. */
  readonly weights: Float64Array;
  /** Weights of metrics and plots: multijet simulation scaled to signal (main) or to data (control region). */
  readonly metricWeights: Float64Array;
  /** True masses in GeV; 0 for background. */
  readonly mH: Float64Array;
  readonly mS: Float64Array;
  /** pT of the jet as the network reads it: (pT - minimum) / (maximum - minimum). */
  readonly jetPt: Float32Array;
  /** Equal numbers for rows of one event; null where the file does not tell. */
  readonly events: Int32Array | null;
}

/** How the network is told masses. */
export interface MassTelling {
  readonly massParameters: readonly MassParameter[];
  /** Draws the masses of background jets. */
  readonly seed: number;
}

/** Apart from the streams of the splits. */
const MASS_STREAM = 16;

/**
 * The main sample: multijet simulation (0), signal (1) and beam-induced background (2).
 * @throws UserError when columns are missing, or masses are told and there is no signal to take them from
 */
export function mainSample({ table, source }: NamedTable, telling: MassTelling): TrainingSample {
  const labels = Uint8Array.from(flatNumbers(table, 'label', source));
  const [weights, mH, mS] = (['mcEventWeight', 'llp_mH', 'llp_mS'] as const).map((name) =>
    Float64Array.from(flatNumbers(table, name, source)),
  );
  const matched = matchedWeights(weights, labels, { scale: LABEL.qcd, to: LABEL.signal });
  const hasSignal = labels.includes(LABEL.signal);
  const common = { labels, weights, metricWeights: hasSignal ? matched : weights, mH, mS };
  return sampleOf(table, source, common, masses(labels, { mH, mS }, telling));
}

/**
 * The control region: simulated (0) and recorded (2) multijets, the sums of their weights made equal. A network that is
 * told masses is told 0 here.
 * @throws UserError when columns are missing, and without data or without simulation
 */
export function controlSample(
  { table, source }: NamedTable,
  { massParameters }: MassTelling,
): TrainingSample {
  const labels = Uint8Array.from(flatNumbers(table, 'label', source));
  requireBoth(labels, source);
  const raw = flatNumbers(table, 'mcEventWeight', source);
  const weights = matchedWeights(raw, labels, { scale: LABEL.qcd, to: LABEL.data });
  const zeros = new Float64Array(table.rows);
  const common = { labels, weights, metricWeights: weights, mH: zeros, mS: zeros };
  return sampleOf(table, source, common, chosenMasses(massParameters, { mH: zeros, mS: zeros }));
}

function requireBoth(labels: Uint8Array, source: string): void {
  for (const [label, what] of [
    [LABEL.qcd, 'simulation (label 0)'],
    [LABEL.data, 'data (label 2)'],
  ] as const) {
    if (labels.includes(label)) continue;
    throw new UserError(
      `${source}: the control region has no ${what}, which the adversary needs to compare; give a file with both`,
    );
  }
}

type Masses = Readonly<Record<'mH' | 'mS', Float64Array>>;

function masses(labels: Uint8Array, own: Masses, { massParameters, seed }: MassTelling): JetMasses {
  if (massParameters.length === 0) return {};
  const { integer } = createGenerator(seed, MASS_STREAM);
  return chosenMasses(massParameters, parametrisedMasses(labels, own, integer));
}

function chosenMasses(parameters: readonly MassParameter[], { mH, mS }: Masses): JetMasses {
  const all = { llp_mH: mH, llp_mS: mS };
  return Object.fromEntries(parameters.map((name) => [name, all[name]]));
}

function sampleOf(
  table: ColumnTable,
  source: string,
  common: Pick<TrainingSample, 'labels' | 'weights' | 'metricWeights' | 'mH' | 'mS'>,
  told: JetMasses,
): TrainingSample {
  return {
    rows: table.rows,
    source,
    inputs: networkInputs(table, source, told),
    ...common,
    jetPt: Float32Array.from(flatNumbers(table, 'jet_pt', source)),
    events: eventsOf(table, source),
  };
}
