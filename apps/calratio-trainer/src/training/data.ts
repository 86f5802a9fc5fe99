/** From files or the toy generator to the two samples of a training. */
import {
  describeReplacements,
  generateToyJets,
  JET_SAMPLES,
  likelyScale,
  loadJetTable,
} from '@hep/calratio-jets';
import type { JetSampleName, LoadedJets } from '@hep/calratio-jets';
import type { MassParameter } from '@hep/calratio-rnn';
import { controlSample, emptyPtBins, LABEL, mainSample, splitSamples } from '@hep/calratio-training';
import type { MassCategory, NamedTable, TrainingData } from '@hep/calratio-training';
import type { Column, ColumnTable } from '@hep/datasets/columns';
import { UserError } from '@hep/options';
import { INPUT_COLUMNS } from '../report/inputs-section.ts';
import type { TrainOptions } from './options.ts';

/** The data of a run. */
export interface RunData extends TrainingData {
  /** True for generated jets: scores on them say nothing about the detector. */
  readonly isSynthetic: boolean;
  /** The columns of the main sample that the report draws; all its rows. */
  readonly drawn: ColumnTable;
}

type Tell = (line: string) => void;

/**
 * Reads both samples and splits them.
 * @throws UserError for files that cannot be read or lack something, and for parts without jets
 */
export async function loadData(options: TrainOptions, tell: Tell): Promise<RunData> {
  const isSynthetic = options.mainTrainingFile.length === 0;
  const main = await tableOf('main', options, tell);
  const control = await tableOf('control', options, tell);
  const told = { massParameters: massParametersOf(options), seed: options.seed };
  const data = splitSamples(mainSample(main, told), controlSample(control, told), {
    fraction: options.fraction,
    seed: options.seed,
    category: categoryOf(options),
  });
  requireParts(data);
  tellSizes(data, isSynthetic, tell);
  return { ...data, isSynthetic, drawn: drawnColumns(main.table) };
}

/** No more than the report needs, in memory that the thread of the report shares. */
function drawnColumns({ rows, columns }: ColumnTable): ColumnTable {
  const drawn = [...columns].filter(([name]) => INPUT_COLUMNS.includes(name));
  return { rows, columns: new Map(drawn.map(([name, column]) => [name, inSharedMemory(column)])) };
}

function inSharedMemory(column: Column): Column {
  if (column.kind !== 'flat') return column;
  const { values } = column;
  const shared = new Uint8Array(new SharedArrayBuffer(values.byteLength));
  shared.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  const Numbers = values.constructor as new (buffer: ArrayBufferLike) => typeof values;
  return { kind: 'flat', values: new Numbers(shared.buffer) };
}

/** Files of both samples, as given. */
export function requireBothSamples({ mainTrainingFile, crTrainingFile }: TrainOptions): void {
  if (mainTrainingFile.length > 0 === crTrainingFile.length > 0) return;
  const missing = mainTrainingFile.length > 0 ? 'cr-training-file' : 'main-training-file';
  throw new UserError(
    `option --${missing} is missing: expected files of both samples, or of none to train on toy jets`,
  );
}

/** The masses that the network is told. */
export function massParametersOf(options: TrainOptions): MassParameter[] {
  return [
    ...(options.mHParametrization ? (['llp_mH'] as const) : []),
    ...(options.mSParametrization ? (['llp_mS'] as const) : []),
  ];
}

function categoryOf({ includeLowMass, includeHighMass }: TrainOptions): MassCategory | undefined {
  if (!includeLowMass && !includeHighMass) {
    throw new UserError(
      'options --include-low-mass and --include-high-mass are both off, expected at least one; leave one of them away',
    );
  }
  if (includeLowMass && includeHighMass) return undefined;
  return includeLowMass ? 'low' : 'high';
}

async function tableOf(sample: JetSampleName, options: TrainOptions, tell: Tell): Promise<NamedTable> {
  const { mainTrainingFile, crTrainingFile, toyRows, toyControlRows, seed, cache } = options;
  const files = sample === 'main' ? mainTrainingFile : crTrainingFile;
  if (files.length === 0) {
    const rows = sample === 'main' ? toyRows : toyControlRows;
    return { table: generateToyJets({ rows, seed, sample }), source: `toy jets, ${sample} sample` };
  }
  const loaded = await loadJetTable(files, { sample, cache, tell });
  const line = describeReplacements(loaded.replaced, 'count as 0');
  if (line !== undefined) tell(line);
  const source = files.join(', ');
  tell(`${source}: ${loaded.table.rows} jets, ${countsText(sample, loaded)}`);
  if (likelyScale(loaded.table.columns.get('jet_pt')!.values as Float32Array) === 'GeV') {
    tell(`warning: ${source}: every jet has a pT above 2; a converted table that build has not scaled?`);
  }
  return { table: loaded.table, source };
}

/** `300 QCD (0), 100 signal (1)`. */
function countsText(sample: JetSampleName, { rowsByLabel }: LoadedJets): string {
  const labels: Readonly<Record<number, string>> = JET_SAMPLES[sample].labels;
  return [...rowsByLabel]
    .sort(([a], [b]) => a - b)
    .map(([label, rows]) => `${rows} ${labels[label]} (${label})`)
    .join(', ');
}

function requireParts({ main, control }: TrainingData): void {
  requireClasses(main);
  for (const { sample, split } of [main, control]) {
    for (const [part, rows] of Object.entries(split)) {
      if (rows.length > 0) continue;
      throw new UserError(
        `${sample.source}: ${sample.rows} jets leave none for the ${part} part; give more jets or a larger --frac-list`,
      );
    }
  }
  if (emptyPtBins(control.sample, control.split.validation).length === 3) {
    throw new UserError(
      `${control.sample.source}: no pT bin of the control region’s validation part has both data and simulation, ` +
        'so that they cannot be compared; give more jets or a larger --frac-list',
    );
  }
}

function requireClasses({ sample, split }: TrainingData['main']): void {
  const present = new Set(Array.from(split.train, (row) => sample.labels[row]));
  if (split.train.length === 0 || (present.has(LABEL.signal) && present.size > 1)) return;
  throw new UserError(
    `${sample.source}: its training part has jets of label ${[...present].sort().join(' and ')} only, expected ` +
      'signal (1) and a background (0 or 2); give files of all classes',
  );
}

function tellSizes({ main, control }: TrainingData, isSynthetic: boolean, tell: Tell): void {
  const sizes = ({ split: { train, validation, test } }: TrainingData['main']) =>
    `${train.length} training, ${validation.length} validation, ${test.length} test`;
  tell(
    `${isSynthetic ? 'synthetic ' : ''}jets, main sample: ${sizes(main)}; control region: ${sizes(control)}`,
  );
  for (const part of ['validation', 'test'] as const) {
    const empty = emptyPtBins(control.sample, control.split[part]);
    if (empty.length === 0) continue;
    tell(
      `control region, ${part} part: no data or no simulation in ${empty.join(', ')}, left out of the K-S sums`,
    );
  }
}
