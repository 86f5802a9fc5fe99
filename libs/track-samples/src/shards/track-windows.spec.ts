import { rm, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { shuffledPieces } from '@hep/column-shards';
import { writeColumns } from '@hep/datasets/columns';
import { createGenerator } from '@hep/datasets/random';
import { temporaryFolder } from '@hep/test-support';
import { momentumWeights, TRACK_FEATURES } from '@hep/track-dnn/variables';
import {
  generateToyTracks,
  mergeLists,
  openTrackShards,
  planDraw,
  prepareFiles,
  readDrawn,
} from '../index.ts';
import { selectTracks, TrackWindows } from '../index.ts';
import type { TrackColumns, TrackDraw, TrackShards } from '../index.ts';

const folder = await temporaryFolder();
const WIDTH = TRACK_FEATURES.length;
const SEED = 7;
let shards: TrackShards;
let draw: TrackDraw;

async function prepared(name: string): Promise<TrackShards> {
  const [path, target] = [join(folder, `${name}.npz`), join(folder, name)];
  await writeColumns(path, [generateToyTracks({ tracks: 9000, seed: 1 })]);
  const settings = {
    ...{ features: [...TRACK_FEATURES], shardRows: 400, splitSeed: 1, validationFraction: 0.1 },
    ...{ testFraction: 0.1, dropInvalid: false, tree: undefined },
  };
  await prepareFiles([path], { folder: target, settings, threads: 1, memoryBytes: 2 ** 30 });
  await mergeLists(target, [{ path, sample: 'toy' }], settings);
  return openTrackShards(target);
}

const planned = (of: TrackShards) =>
  planDraw(of, { part: 'train', balanceIterations: false, absentIterations: 'ignore', seed: SEED });

beforeAll(async () => {
  shards = await prepared('whole');
  draw = planned(shards);
});

function emptyColumns(rows: number): TrackColumns {
  const column = (width: number) => new Float32Array(new SharedArrayBuffer(4 * rows * width)).fill(-7);
  return { features: column(WIDTH), iteration: column(1), target: column(1), weight: column(1) };
}

/** What belongs into the columns, put together track by track. */
async function expected(epoch: number, range: { first: number; end: number }, columns: TrackColumns) {
  let row = 3;
  const rowsOf = draw.shards.map(({ rows }) => rows);
  for (const { shard, first, end } of shuffledPieces(rowsOf, SEED, epoch, range)) {
    const table = await readDrawn(shards, draw, draw.shards[shard], false);
    const order = createGenerator(SEED, epoch * 2 ** 20 + shard).permutation(table.rows);
    const own = selectTracks(table, order.subarray(first, end));
    columns.features.set(own.features, row * WIDTH);
    columns.iteration.set(own.iterations, row);
    columns.target.set(own.isTrue, row);
    columns.weight.set(momentumWeights(own.pt), row);
    row += end - first;
  }
}

it.each([1, 2, 3])('the same tracks in the same rows with %i threads', async (threads) => {
  const windows = new TrackWindows(shards, draw, { seed: SEED, ptWeights: true, threads });
  try {
    for (const [epoch, first, end] of [
      [1, 0, 2500],
      [1, 2500, 5000],
      [2, 1001, 1002],
      [2, 100, draw.rows],
    ]) {
      const [filled, wanted] = [emptyColumns(end - first + 5), emptyColumns(end - first + 5)];
      await windows.fill(epoch, { first, end }, filled, 3);
      await expected(epoch, { first, end }, wanted);
      expect(filled).toEqual(wanted);
    }
  } finally {
    await windows.close();
  }
});

it('without weights by pT every track weighs the same', async () => {
  const windows = new TrackWindows(shards, draw, { seed: SEED, ptWeights: false, threads: 2 });
  const columns = emptyColumns(1000);
  await windows.fill(1, { first: 0, end: 1000 }, columns, 0);
  await windows.close();
  expect(new Set(columns.weight)).toEqual(new Set([1]));
});

it('a shard that is gone or cut meanwhile ends the filling in one line, with any number of threads', async () => {
  const other = await prepared('damaged');
  const own = planned(other);
  const fill = async (threads: number) => {
    const windows = new TrackWindows(other, own, { seed: SEED, ptWeights: true, threads });
    try {
      await windows.fill(1, { first: 0, end: own.rows }, emptyColumns(own.rows), 0);
    } finally {
      await windows.close();
    }
  };
  const path = join(other.folder, own.shards[5].shard.file);
  await truncate(path, own.shards[5].shard.bytes - 8);
  await expect(fill(2)).rejects.toMatchObject({
    name: 'UserError',
    message: expect.stringMatching(/shard has \d+ bytes, expected \d+; prepare it again/),
  });
  await rm(path);
  for (const threads of [1, 3]) {
    await expect(fill(threads)).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringContaining('shard cannot be read (ENOENT); prepare it again'),
    });
  }
});

it('threads that stop while they fill end the filling', async () => {
  const windows = new TrackWindows(shards, draw, { seed: SEED, ptWeights: true, threads: 2 });
  await windows.fill(1, { first: 0, end: 10 }, emptyColumns(10), 0);
  const filling = windows.fill(1, { first: 0, end: draw.rows }, emptyColumns(draw.rows), 0);
  filling.catch(() => undefined);
  await windows.close();
  await expect(filling).rejects.toThrow('worker was closed');
});
