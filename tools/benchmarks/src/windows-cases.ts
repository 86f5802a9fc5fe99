/** Tracks from shards to the windows that feed an engine, by several threads. */
import { join } from 'node:path';
import { writeColumns } from '@hep/datasets/columns';
import { TRACK_FEATURES } from '@hep/track-dnn/variables';
import {
  mergeLists,
  nestedByEvent,
  openTrackShards,
  planDraw,
  prepareFiles,
  toyTables,
  TrackWindows,
} from '@hep/track-samples';
import type { TrackColumns } from '@hep/track-samples';
import type { Benchmark, Job, JobSpec } from './benchmark.ts';

const WINDOW = 2 ** 18;
const SEED = 1;

const windowsCase: Benchmark = {
  name: 'track-windows',
  rows: 1_000_000,
  smokeRows: 20_000,
  processes: 'shared',
  peer: { benchmark: 'track-windows-one-thread' },
  settings: () => ({ windowTracks: WINDOW }),
  prepare: writeShards,
  start: fillWindows,
};

export const windowsCases: readonly Benchmark[] = [
  windowsCase,
  {
    ...windowsCase,
    name: 'track-windows-one-thread',
    peer: undefined,
    start: (spec) => fillWindows({ ...spec, threads: 1 }),
  },
];

async function writeShards(folder: string, tracks: number): Promise<void> {
  const path = join(folder, 'tracks.parquet');
  const tables = function* () {
    for (const table of toyTables({ tracks, seed: SEED })) yield nestedByEvent(table);
  };
  await writeColumns(path, tables());
  const settings = {
    features: [...TRACK_FEATURES],
    shardRows: 65_536,
    splitSeed: 1,
    validationFraction: 0.1,
    testFraction: 0.1,
    dropInvalid: false,
    tree: undefined,
  };
  await prepareFiles([path], { folder, settings, threads: 1, memoryBytes: 2 ** 30 });
  await mergeLists(folder, [{ path, sample: 'toy' }], settings);
}

/** Each run is an epoch of all tracks; the result is the mean of their weights. */
async function fillWindows({ folder, threads }: JobSpec): Promise<Job> {
  const shards = await openTrackShards(folder);
  const draw = planDraw(shards, {
    part: 'train',
    balanceIterations: false,
    absentIterations: 'ignore',
    seed: SEED,
  });
  const windows = new TrackWindows(shards, draw, { seed: SEED, ptWeights: true, threads });
  const columns = columnsOf(Math.min(WINDOW, draw.rows));
  return {
    engine: `${threads} thread${threads > 1 ? 's' : ''}, ${draw.rows} tracks`,
    run: async (round) => {
      let sum = 0;
      for (let first = 0; first < draw.rows; first += WINDOW) {
        const end = Math.min(draw.rows, first + WINDOW);
        await windows.fill(round + 1, { first, end }, columns, 0);
        sum += columns.weight.subarray(0, end - first).reduce((total, weight) => total + weight, 0);
      }
      return sum / draw.rows;
    },
    close: () => windows.close(),
  };
}

function columnsOf(rows: number): TrackColumns {
  const column = (width: number) => new Float32Array(new SharedArrayBuffer(4 * rows * width));
  return {
    features: column(TRACK_FEATURES.length),
    iteration: column(1),
    target: column(1),
    weight: column(1),
  };
}
