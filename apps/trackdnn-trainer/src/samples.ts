/** From files, shards or the toy generator to tracks that train, validate and test. */
import type { SampleFile, TrackTable } from '@hep/track-samples';
import { samplesInMemory } from './memory-samples.ts';
import type { TrainOptions } from './options.ts';
import { openSamples } from './shard-samples.ts';
import type { TestSample } from './test-samples.ts';
import type { TrainingTracks } from './training-tracks.ts';

/** Tracks of a run, in the parts that it needs. */
export interface Samples {
  /** True for generated tracks: scores on them say nothing about the detector. */
  readonly isSynthetic: boolean;
  /** Balanced as the options say. */
  readonly training: TrainingTracks;
  /** With balanced iterations if the training has them. */
  readonly validation: TrackTable;
  /** As they are. */
  readonly test: TrackTable;
  /** Rows of `test` that are of each sample. */
  readonly testSamples: readonly TestSample[];
  /** Tracks that could not be used. */
  readonly dropped: number;
}

/**
 * Loads, splits, draws and balances the tracks, in this order, so that no copy of a track is on both sides.
 * @throws UserError for files that cannot be used, and parts that lack a class or an iteration
 */
export function loadSamples(options: TrainOptions, files: readonly SampleFile[]): Promise<Samples> {
  return options.shards === undefined
    ? samplesInMemory(options, files)
    : openSamples(options, options.shards);
}
