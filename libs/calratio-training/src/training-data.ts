/** Both samples in parts, and the data set that an engine trains on. */
import { dataLabels, JET_INPUTS, oneHotLabels } from '@hep/calratio-rnn';
import { createGenerator } from '@hep/datasets';
import type { Column, Dataset } from '@hep/engine';
import { rowsOfCategory } from './mass-category.ts';
import type { MassCategory } from './mass-category.ts';
import type { TrainingSample } from './samples.ts';
import { splitJets } from './split.ts';
import type { JetSplit } from './split.ts';

/** A sample with the rows of its parts. */
export interface SplitSample {
  readonly sample: TrainingSample;
  readonly split: JetSplit;
}

/** Main sample and control region of a run. */
export interface TrainingData {
  readonly main: SplitSample;
  readonly control: SplitSample;
}

/** How the samples become parts. */
export interface PartOptions {
  /** Part of each sample that is used. */
  readonly fraction: number;
  readonly seed: number;
  /** Trains and validates on one category of masses; the test part has all. */
  readonly category?: MassCategory;
}

const STREAMS = { main: 0, control: 1, category: 2 } as const;

/**
 * Splits both samples.
 * @throws UserError when a category lacks signal or background
 */
export function splitSamples(
  main: TrainingSample,
  control: TrainingSample,
  { fraction, seed, category }: PartOptions,
): TrainingData {
  const parts = (sample: TrainingSample, stream: number) =>
    splitJets(sample.rows, { events: sample.events, fraction, seed, stream });
  const split = parts(main, STREAMS.main);
  const chosen = category === undefined ? split : ofCategory(main, split, category, seed);
  return {
    main: { sample: main, split: chosen },
    control: { sample: control, split: parts(control, STREAMS.control) },
  };
}

function ofCategory(sample: TrainingSample, split: JetSplit, category: MassCategory, seed: number): JetSplit {
  const generator = createGenerator(seed, STREAMS.category);
  return {
    train: rowsOfCategory(sample, split.train, category, generator, 'training'),
    validation: rowsOfCategory(sample, split.validation, category, generator, 'validation'),
    test: split.test,
  };
}

/**
 * Training rows for `calRatioProgram`. Nothing is copied: columns are the whole samples, rows pick from them.
 * @param controlPicks row of the control region for each training row, as `ControlPairing` deals them
 */
export function trainingDataset({ main, control }: TrainingData, controlPicks: Int32Array): Dataset {
  const { train } = main.split;
  const mainPicks = new Int32Array(new SharedArrayBuffer(train.byteLength));
  mainPicks.set(train);
  return {
    rows: train.length,
    columns: {
      ...columnsOf('main', main.sample, mainPicks, {
        label: { rowShape: [3], values: oneHotLabels(main.sample.labels) },
      }),
      ...columnsOf('control', control.sample, controlPicks, {
        isData: { rowShape: [1], values: dataLabels(control.sample.labels) },
      }),
    },
  };
}

function columnsOf(
  prefix: 'main' | 'control',
  { inputs, weights }: TrainingSample,
  picks: Int32Array,
  target: Readonly<Record<string, Column>>,
): Record<string, Column> {
  const columns = {
    ...Object.fromEntries(JET_INPUTS.map((name) => [name, inputs.columns[name]])),
    ...target,
    weight: { rowShape: [], values: Float32Array.from(weights) },
  };
  return Object.fromEntries(
    Object.entries(columns).map(([name, column]) => [`${prefix}/${name}`, { ...column, picks }]),
  );
}
