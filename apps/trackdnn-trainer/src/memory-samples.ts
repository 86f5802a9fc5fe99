/** Samples that are in memory as a whole: files, or toy tracks. */
import { createGenerator } from '@hep/datasets';
import type { Generator } from '@hep/datasets';
import {
  balanceIterations,
  balanceTrueAndFake,
  branchesToRead,
  drawRows,
  flattenTracks,
  generateToyTracks,
  joinNumbers,
  joinTracks,
  mixedSizes,
  ONLY_SAMPLE,
  readTracks,
  requireBothClasses,
  requireSamples,
  selectTracks,
  splitTracks,
  tracksOf,
} from '@hep/track-samples';
import type { SampleFile, SampleSizes, TrackSplit, TrackTable } from '@hep/track-samples';
import type { TrainOptions } from './options.ts';
import { sizesOf } from './sample-options.ts';
import type { Samples } from './samples.ts';
import type { TestSample } from './test-samples.ts';
import { tracksInMemory } from './training-tracks.ts';

/** Streams of random numbers of a run's seed. */
const BALANCING_STREAM = 0x7a61;
const SAMPLING_STREAM = 0x7a62;

/** Tracks of all samples one after the other. */
interface LoadedTracks {
  readonly table: TrackTable;
  /** Rows [first, end) of each sample. */
  readonly samples: ReadonlyMap<string, { readonly first: number; readonly end: number }>;
  readonly dropped: number;
}

/** See `loadSamples`. */
export async function samplesInMemory(options: TrainOptions, files: readonly SampleFile[]): Promise<Samples> {
  const loaded = await loadTracks(options, files);
  const { table, dropped } = loaded;
  const { validationFraction, testFraction } = options;
  const fractions = { validation: validationFraction, test: testFraction };
  const split = mixed(loaded, splitTracks(table.groups, options.splitSeed, fractions), options);
  const generator = createGenerator(options.seed, BALANCING_STREAM);
  const balanced = (rows: Int32Array) =>
    options.balanceIterations ? balanceIterations(table, rows, generator, options.absentIterations) : rows;
  const drawn = balanced(split.train);
  requireBothClasses(table, drawn, 'training');
  const train = options.balanceClasses ? balanceTrueAndFake(table, drawn, generator) : drawn;
  const validation = balanced(split.validation);
  requireBothClasses(table, validation, 'validation');
  return {
    isSynthetic: files.length === 0,
    training: tracksInMemory(selectTracks(table, train), options),
    validation: selectTracks(table, validation),
    test: selectTracks(table, split.test),
    testSamples: testSamples(loaded, split.test),
    dropped,
  };
}

async function loadTracks(options: TrainOptions, files: readonly SampleFile[]): Promise<LoadedTracks> {
  if (files.length === 0) {
    const { features, select } = options;
    const toy = generateToyTracks({ tracks: options.toyRows, seed: options.splitSeed });
    branchesToRead('toy tracks', [...toy.columns.keys()], features, select);
    const { table } = tracksOf(flattenTracks('toy', 0, toy), { features, select });
    return { table, samples: new Map([[ONLY_SAMPLE, { first: 0, end: table.rows }]]), dropped: 0 };
  }
  const samples = new Map<string, { first: number; end: number }>();
  const tables: TrackTable[] = [];
  let [end, dropped] = [0, 0];
  for (const name of new Set(files.map(({ sample }) => sample))) {
    const paths = files.filter(({ sample }) => sample === name).map(({ path }) => path);
    const read = await readTracks(paths, options);
    samples.set(name, { first: end, end: end + read.table.rows });
    tables.push(read.table);
    end += read.table.rows;
    dropped += read.dropped;
  }
  return { table: joinTracks(tables), samples, dropped };
}

/** The split with as many tracks of each sample as wanted. */
function mixed({ samples }: LoadedTracks, split: TrackSplit, options: TrainOptions): TrackSplit {
  const wanted = sizesOf('sample-tracks', options.sampleTracks);
  const tests = sizesOf('sample-test-tracks', options.sampleTestTracks);
  if (wanted.size + tests.size === 0) return split;
  requireSamples(samples.keys(), tests);
  const rowsOf = (part: Int32Array, name: string) => {
    const { first, end } = samples.get(name)!;
    return part.filter((row) => row >= first && row < end);
  };
  const present = new Map(
    [...samples.keys()].map((name) => [
      name,
      { train: rowsOf(split.train, name).length, validation: rowsOf(split.validation, name).length },
    ]),
  );
  const sizes = mixedSizes(present, wanted);
  const generator = createGenerator(options.seed, SAMPLING_STREAM);
  const drawn = (part: Int32Array, of: SampleSizes) =>
    joined([...of].map(([name, tracks]) => drawAtMost(rowsOf(part, name), tracks, generator)));
  const testSizes = new Map([...samples.keys()].map((name) => [name, tests.get(name) ?? Infinity]));
  const test = joined(
    [...testSizes].map(([name, most]) => {
      const rows = rowsOf(split.test, name);
      return drawAtMost(rows, Math.min(most, rows.length), generator).sort();
    }),
  );
  return {
    train: drawn(split.train, sizes.train),
    validation: drawn(split.validation, sizes.validation),
    test,
  };
}

/** All of the rows as they are, where that is what is wanted. */
const drawAtMost = (rows: Int32Array, wanted: number, generator: Generator) =>
  wanted === rows.length ? rows : drawRows(rows, wanted, generator);

function joined(parts: readonly Int32Array[]): Int32Array {
  return joinNumbers(new Int32Array(parts.reduce((sum, { length }) => sum + length, 0)), parts);
}

/** Places among the test tracks of each sample that has some. */
function testSamples({ samples }: LoadedTracks, test: Int32Array): TestSample[] {
  const all = Int32Array.from(test.keys());
  return [...samples]
    .map(([name, { first, end }]) => ({
      name,
      rows: all.filter((place) => test[place] >= first && test[place] < end),
    }))
    .filter(({ rows }) => rows.length > 0);
}
