/** Toy jets of one seed for both sides: those that the program generates and splits itself, and jets to test on. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { generateToyJets } from '@hep/calratio-jets';
import { dataLabels, JET_INPUTS, oneHotLabels, takeRows } from '@hep/calratio-rnn';
import { controlSample, mainSample, splitSamples } from '@hep/calratio-training';
import type { TrainingSample } from '@hep/calratio-training';
import { writeColumns } from '@hep/datasets/columns';
import { writeNpy } from '../npy.ts';

/** Numbers of toy jets. */
export interface JetCounts {
  readonly main: number;
  readonly control: number;
  /** Jets of each sample to test on. */
  readonly test: number;
}

/** What both sides train and are tested on. */
export interface QualityJets {
  /** Folder of the training parts and of the inputs of the test jets, `<sample>/<column>.npy`. */
  readonly folder: string;
  /** Test jets as our program reads them. */
  readonly testFiles: Readonly<Record<TestSample, string>>;
  readonly test: Readonly<Record<TestSample, TrainingSample>>;
}

/** Samples that are tested on. */
export const TEST_SAMPLES = ['test-main', 'test-control'] as const;

/** Name of one of them. */
export type TestSample = (typeof TEST_SAMPLES)[number];

/** Test jets have seeds that no training has. */
const TEST_SEED = 1_000_000;

/** Writes the jets of a seed. */
export async function writeJetsOf(seed: number, counts: JetCounts, folder: string): Promise<QualityJets> {
  const told = { massParameters: [], seed };
  const toy = (sample: 'main' | 'control', rows: number, toySeed: number) => ({
    table: generateToyJets({ rows, seed: toySeed, sample }),
    source: `toy jets, ${sample} sample`,
  });
  const { main, control } = splitSamples(
    mainSample(toy('main', counts.main, seed), told),
    controlSample(toy('control', counts.control, seed), told),
    { fraction: 1, seed },
  );
  writeSample(join(folder, 'main'), main.sample, main.split.train, {
    label: { values: oneHotLabels(main.sample.labels), shape: [3] },
  });
  writeSample(join(folder, 'control'), control.sample, control.split.train, {
    isData: { values: dataLabels(control.sample.labels), shape: [1] },
  });
  const tables = {
    'test-main': toy('main', counts.test, TEST_SEED + seed),
    'test-control': toy('control', counts.test, TEST_SEED + seed),
  };
  const test = {
    'test-main': mainSample(tables['test-main'], told),
    'test-control': controlSample(tables['test-control'], told),
  };
  const testFiles = {} as Record<TestSample, string>;
  for (const name of TEST_SAMPLES) {
    writeSample(join(folder, name), test[name], allRows(test[name]), {});
    testFiles[name] = join(folder, `${name}.parquet`);
    await writeColumns(testFiles[name], [tables[name].table]);
  }
  return { folder, testFiles, test };
}

/** Rows of a sample in order. */
export function allRows({ rows }: TrainingSample): Int32Array {
  return Int32Array.from({ length: rows }, (_, row) => row);
}

function writeSample(
  folder: string,
  { inputs, weights }: TrainingSample,
  rows: Int32Array,
  targets: Readonly<Record<string, { readonly values: Float32Array; readonly shape: readonly number[] }>>,
): void {
  mkdirSync(folder, { recursive: true });
  const columns = {
    ...Object.fromEntries(
      JET_INPUTS.map((name) => {
        const { rowShape, values } = inputs.columns[name];
        return [name, { values: values as Float32Array, shape: rowShape }];
      }),
    ),
    ...targets,
    weight: { values: Float32Array.from(weights), shape: [] as readonly number[] },
  };
  for (const [name, { values, shape }] of Object.entries(columns)) {
    const width = shape.reduce((product, size) => product * size, 1);
    writeNpy(join(folder, `${name}.npy`), takeRows(values, width, rows), [rows.length, ...shape]);
  }
}
