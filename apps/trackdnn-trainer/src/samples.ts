/** From files or the toy generator to tracks that train, validate and test. */
import { createGenerator } from '@hep/datasets';
import {
  balanceIterations,
  balanceTrueAndFake,
  branchesToRead,
  flattenTracks,
  generateToyTracks,
  readTracks,
  requireBothClasses,
  selectTracks,
  splitTracks,
  tracksOf,
} from '@hep/track-samples';
import type { CheckedTracks, TrackTable } from '@hep/track-samples';
import type { TrainOptions } from './options.ts';
import { openSamples } from './shard-samples.ts';
import { tracksInMemory } from './training-tracks.ts';
import type { TrainingTracks } from './training-tracks.ts';

export interface Samples {
  /** True for generated tracks: scores on them say nothing about the detector. */
  readonly isSynthetic: boolean;
  /** Balanced as the options say. */
  readonly training: TrainingTracks;
  /** With balanced iterations if the training has them. */
  readonly validation: TrackTable;
  /** As they are. */
  readonly test: TrackTable;
  /** Tracks that could not be used. */
  readonly dropped: number;
}

/** Streams of random numbers of a run's seed. */
const BALANCING_STREAM = 0x7a61;

/**
 * Loads, splits and balances the tracks, in this order, so that no copy of a track is on both sides.
 * @throws UserError for files that cannot be used, and parts that lack a class or an iteration
 */
export async function loadSamples(options: TrainOptions, paths: readonly string[]): Promise<Samples> {
  if (options.shards !== undefined) return openSamples(options, options.shards);
  const { table, dropped } = await loadTracks(options, paths);
  const { validationFraction, testFraction } = options;
  const split = splitTracks(table.groups, options.splitSeed, {
    validation: validationFraction,
    test: testFraction,
  });
  const generator = createGenerator(options.seed, BALANCING_STREAM);
  const balanced = (rows: Int32Array) =>
    options.balanceIterations ? balanceIterations(table, rows, generator, options.absentIterations) : rows;
  const drawn = balanced(split.train);
  requireBothClasses(table, drawn, 'training');
  const train = options.balanceClasses ? balanceTrueAndFake(table, drawn, generator) : drawn;
  const validation = balanced(split.validation);
  requireBothClasses(table, validation, 'validation');
  return {
    isSynthetic: options.input.length === 0,
    training: tracksInMemory(selectTracks(table, train), options),
    validation: selectTracks(table, validation),
    test: selectTracks(table, split.test),
    dropped,
  };
}

async function loadTracks(options: TrainOptions, paths: readonly string[]): Promise<CheckedTracks> {
  if (paths.length > 0) return readTracks(paths, options);
  const toy = generateToyTracks({ tracks: options.toyRows, seed: options.splitSeed });
  const { features } = options;
  branchesToRead('toy tracks', [...toy.columns.keys()], features);
  return tracksOf(flattenTracks('toy', 0, toy), { features });
}
