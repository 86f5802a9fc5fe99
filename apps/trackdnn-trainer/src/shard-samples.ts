/** Samples from prepared shards: validation and test in memory, training as a stream. */
import { RowStream } from '@hep/column-shards';
import type { RowSource } from '@hep/column-shards';
import { UserError } from '@hep/options';
import { TRACK_INPUTS } from '@hep/track-dnn';
import {
  joinTracks,
  mixedSizes,
  openTrackShards,
  planDraw,
  rangesOfPart,
  readDrawn,
  requireFeatures,
  requireSamples,
  tracksOfSamples,
  TrackWindows,
} from '@hep/track-samples';
import type { TrackDraw, TrackShards, TrackTable } from '@hep/track-samples';
import type { TrainOptions } from './options.ts';
import { sizesOf } from './sample-options.ts';
import type { Samples } from './samples.ts';
import { testSamplesOf } from './test-samples.ts';
import { TRAINING_DATASET, trainingRowShapes } from './training-tracks.ts';
import type { TrainingTracks } from './training-tracks.ts';

/** @throws UserError when the folder is not prepared, or parts lack a class or an iteration */
export async function openSamples(options: TrainOptions, folder: string): Promise<Samples> {
  const shards = await openTrackShards(folder);
  requireFeatures(shards, options.features);
  if (options.select !== undefined) {
    throw new UserError(
      'option --select: tracks of --shards were chosen when they were prepared; give it to prepare',
    );
  }
  const { absentIterations, balanceIterations, balanceClasses, seed, validationTracks } = options;
  const sizes = drawnSizes(shards, options);
  const chosen = { absentIterations, seed };
  const balanced = { ...chosen, balanceIterations };
  const training = planDraw(shards, {
    ...balanced,
    part: 'train',
    balanceClasses,
    sampleTracks: sizes.train,
  });
  const validation = planDraw(shards, {
    ...balanced,
    part: 'validation',
    sampleTracks: sizes.validation,
    most: validationTracks,
  });
  const test = planDraw(shards, {
    ...chosen,
    part: 'test',
    balanceIterations: false,
    sampleTracks: sizes.test,
  });
  return {
    isSynthetic: false,
    training: streamed(shards, training, options),
    validation: await readAll(shards, validation),
    test: await readAll(shards, test),
    testSamples: testSamplesOf(test.shards.map(({ shard: { sample }, rows }) => ({ sample, rows }))),
    dropped: 0,
  };
}

/** Tracks of each sample in each part, where they are not all that there are. */
function drawnSizes(shards: TrackShards, options: TrainOptions) {
  const present = tracksOfSamples(shards);
  const tests = sizesOf('sample-test-tracks', options.sampleTestTracks);
  requireSamples(present.keys(), tests);
  const test = new Map(
    [...present].map(([name, tracks]) => [
      name,
      Math.min(tracks.test, tests.get(name) ?? options.testTracks),
    ]),
  );
  return { ...mixedSizes(present, sizesOf('sample-tracks', options.sampleTracks)), test };
}

async function readAll(shards: TrackShards, draw: TrackDraw): Promise<TrackTable> {
  const tables: TrackTable[] = [];
  for (const drawn of draw.shards) tables.push(await readDrawn(shards, draw, drawn));
  return joinTracks(tables);
}

function streamed(shards: TrackShards, draw: TrackDraw, options: TrainOptions): TrainingTracks {
  const { batchSize, windowTracks, seed } = options;
  const source = trackSource(shards, draw, options);
  const stream = new RowStream(source, { batchSize, windowRows: windowTracks, seed });
  return {
    rows: draw.rows,
    ranges: rangesOfPart(shards, 'train'),
    dataset: stream.dataset,
    feed: (trainer) => stream.feed(trainer, TRAINING_DATASET),
    summary: () => {
      const { waitedSeconds, trainedSeconds } = stream;
      const part = (100 * waitedSeconds) / Math.max(1e-9, waitedSeconds + trainedSeconds);
      return `the engine waited ${waitedSeconds.toFixed(2)} s for tracks, ${part.toFixed(1)} % of the training`;
    },
  };
}

function trackSource(shards: TrackShards, draw: TrackDraw, options: TrainOptions): RowSource {
  const { seed, ptWeights, windowThreads } = options;
  const windows = new TrackWindows(shards, draw, { seed, ptWeights, threads: windowThreads });
  return {
    rows: draw.rows,
    rowShapes: trainingRowShapes(shards.settings.features.length),
    fill: (epoch, range, columns, offset) =>
      windows.fill(
        epoch,
        range,
        {
          features: columns[TRACK_INPUTS.features],
          iteration: columns[TRACK_INPUTS.iteration],
          target: columns['target'],
          weight: columns['sampleWeight'],
        },
        offset,
      ),
    close: () => windows.close(),
  };
}
