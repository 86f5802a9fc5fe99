/** Samples from prepared shards: validation and test in memory, training as a stream. */
import { RowStream, shuffledPieces } from '@hep/column-shards';
import type { RowSource } from '@hep/column-shards';
import { createGenerator } from '@hep/datasets';
import {
  joinTracks,
  openTrackShards,
  planDraw,
  rangesOfPart,
  readDrawn,
  requireFeatures,
  selectTracks,
} from '@hep/track-samples';
import type { SplitPart, TrackDraw, TrackShards, TrackTable } from '@hep/track-samples';
import type { TrainOptions } from './options.ts';
import type { Samples } from './samples.ts';
import { trackColumns, TRAINING_DATASET, trainingRowShapes } from './training-tracks.ts';
import type { TrainingTracks } from './training-tracks.ts';

/** Numbers of shards below this and of epochs make streams of random numbers that do not meet. */
const MOST_SHARDS = 2 ** 20;

/** @throws UserError when the folder is not prepared, or parts lack a class or an iteration */
export async function openSamples(options: TrainOptions, folder: string): Promise<Samples> {
  const shards = await openTrackShards(folder);
  requireFeatures(shards, options.features);
  const { absentIterations, seed } = options;
  const draw = (part: SplitPart, balanceIterations: boolean, most?: number) =>
    planDraw(shards, { absentIterations, seed, part, balanceIterations, most });
  const { balanceIterations, balanceClasses } = options;
  const drawn = planDraw(shards, {
    absentIterations,
    seed,
    part: 'train',
    balanceIterations,
    balanceClasses,
  });
  const training = streamed(shards, drawn, options);
  return {
    isSynthetic: false,
    training,
    validation: await readAll(
      shards,
      draw('validation', options.balanceIterations, options.validationTracks),
    ),
    test: await readAll(shards, draw('test', false, options.testTracks)),
    dropped: 0,
  };
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

/** Goes through the shards in an order of (seed, epoch), each shuffled; holds the one that was read last. */
function trackSource(
  shards: TrackShards,
  draw: TrackDraw,
  { seed, ptWeights }: Pick<TrainOptions, 'seed' | 'ptWeights'>,
): RowSource {
  const rowsOf = draw.shards.map(({ rows }) => rows);
  let last: { readonly shard: number; readonly table: TrackTable } | null = null;
  return {
    rows: draw.rows,
    rowShapes: trainingRowShapes(shards.settings.features.length),
    fill: async (epoch, range, columns, offset) => {
      let row = offset;
      for (const { shard, first, end } of shuffledPieces(rowsOf, seed, epoch, range)) {
        if (last?.shard !== shard)
          last = { shard, table: await readDrawn(shards, draw, draw.shards[shard], false) };
        // Tracks of a kind lie together in a shard, and a window may end within it.
        const order = createGenerator(seed, epoch * MOST_SHARDS + shard).permutation(last.table.rows);
        const values = trackColumns(selectTracks(last.table, order.subarray(first, end)), ptWeights);
        for (const [name, own] of Object.entries(values)) {
          columns[name].set(own, row * (own.length / (end - first)));
        }
        row += end - first;
      }
    },
  };
}
