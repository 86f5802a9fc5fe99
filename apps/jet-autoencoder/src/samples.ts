/** From files or the toy generator to normalised jets, split into those that train, watch and test. */
import {
  applyCuts,
  generateToyJets,
  listJetFiles,
  massAbove,
  normaliseJets,
  qualityCuts,
  readJets,
  scaledToUnit,
  selectJets,
  splitJets,
  standardised,
  turnedCopies,
  validRows,
  variableSets,
  withoutCurve,
} from '@hep/jet-compression';
import type { CutFlow, JetBlock, Jets, Normalisation } from '@hep/jet-compression';
import { UserError } from '@hep/options';
import type { TrainOptions } from './options.ts';

/** One part of the jets. */
export interface Part {
  readonly jets: Jets;
  /** Normalised variables, [jets, variables]. */
  readonly matrix: Float32Array<ArrayBuffer>;
}

/** Jets of a run, in the three parts that it needs. */
export interface Samples {
  /** True for generated jets: scores on them say nothing about the detector. */
  readonly isSynthetic: boolean;
  readonly normalisation: Normalisation;
  /** Units in which errors are told. */
  readonly metric: Normalisation;
  readonly train: Part;
  /** Jets by which choices may be made. */
  readonly validation: Part;
  /** Jets that nothing is chosen by. */
  readonly test: Part;
  readonly removed: CutFlow['removed'];
}

/** Files of the command; empty for toy jets. */
export function inputFiles({ input }: Pick<TrainOptions, 'input'>): Promise<string[]> {
  return listJetFiles(input);
}

/**
 * Loads, cuts and splits the jets.
 * @throws UserError for files that cannot be read, jets that cannot be normalised and cuts that leave too few
 */
export async function loadSamples(options: TrainOptions): Promise<Samples> {
  const metric = variableSets[options.variables];
  const jets = await loadJets(options, metric);
  const cuts = [massAbove(options.minimumMass), ...(options.qualityCuts ? qualityCuts : [])];
  const { rows, removed } = applyCuts(jets, validRows(metric, jets, options.dropInvalid), cuts);
  if (rows.length < 10) {
    throw new UserError(
      `${rows.length} of ${jets.rows} jets pass the cuts, expected at least 10; check --minimum-mass and files`,
    );
  }
  const selected = selectJets(jets, rows);
  const split = splitJets(rows.length, options.testFraction, options.splitSeed);
  const watching = Math.ceil(options.validationFraction * split.train.length);
  const train = selectJets(selected, split.train.subarray(0, split.train.length - watching));
  const test = selectJets(selected, split.test);
  const normalisation = normalisationOf(options, metric, train);
  const part = (some: Jets): Part => ({ jets: some, matrix: normaliseJets(normalisation, some) });
  const more = turnedCopies(train, { ...options, metric });
  return {
    isSynthetic: options.input.length === 0,
    normalisation,
    metric,
    removed,
    train: part(more),
    validation: part(selectJets(selected, split.train.subarray(split.train.length - watching))),
    test: part(test),
  };
}

async function loadJets(options: TrainOptions, metric: Normalisation): Promise<JetBlock> {
  const names = metric.map(({ name }) => name);
  const { toyRows, splitSeed, variables } = options;
  if (options.input.length > 0) return readJets(await inputFiles(options), names, options);
  if (variables !== '4d') {
    throw new UserError(
      `option --variables ${variables}: toy jets have m, pt, phi and eta alone; give --input, or --variables 4d`,
    );
  }
  const jets = generateToyJets({ rows: toyRows, seed: splitSeed });
  return { ...jets, describe: (row) => `toy jet ${row}` };
}

function normalisationOf({ normalisation }: TrainOptions, metric: Normalisation, train: Jets): Normalisation {
  if (normalisation === 'custom') return metric;
  const curves = normalisation === 'standard' ? metric.map(withoutCurve) : metric;
  const fitted = normalisation === 'unit' ? scaledToUnit : standardised;
  return curves.map((transform) => fitted(transform, train.columns.get(transform.name)!));
}
