/** Ntuples of tracks in ROOT files to what a training reads: split by event, balanced, on disk. */
import { spawnSync } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeColumns } from '@hep/datasets/columns';
import type { ColumnTable } from '@hep/datasets/columns';
import { TRACK_FEATURES } from '@hep/track-dnn/variables';
import {
  listTrackFiles,
  mergeLists,
  nestedByEvent,
  openTrackShards,
  planDraw,
  prepareFiles,
  toyTables,
  TRACK_BRANCHES,
} from '@hep/track-samples';
import type { SplitPart } from '@hep/track-samples';
import type { Benchmark } from './benchmark.ts';
import { pythonLaunch } from './peer-python.ts';

const TREE = 'trackingNtuple/tree';
const FILES = 4;
const FRACTIONS = { validationFraction: 0.1, testFraction: 0.1 };
const MEMORY_BYTES = 2 ** 30;
const TREE_WRITER = { script: 'make_tracks.py', module: 'uproot', environment: 'venvtables' } as const;

export const tracksCases: readonly Benchmark[] = [
  {
    name: 'tracks-root',
    rows: 1_000_000,
    smokeRows: 20_000,
    processes: 'fresh',
    peer: { script: 'uproot_tracks.py', module: 'uproot', environment: 'venvtables' },
    settings: () => ({ tree: TREE, files: FILES, branches: TRACK_BRANCHES, ...FRACTIONS }),
    prepare: writeTrees,
    start: async ({ folder, threads }) => ({
      engine: 'prepareFiles, planDraw',
      run: (round) => tracksOfShards(folder, threads, round),
      close: async () => undefined,
    }),
  },
];

/** Toy events in Parquet, which uproot writes as trees: a case without its peer needs Python, too. */
async function writeTrees(folder: string, tracks: number): Promise<void> {
  const { command, arguments: script } = pythonLaunch(TREE_WRITER, 1);
  const apart = Math.ceil(tracks / FILES);
  for (let file = 0; file < FILES; file++) {
    const parquet = join(folder, `tracks-${file}.parquet`);
    await writeColumns(
      parquet,
      nested(toyTables({ tracks: Math.floor(tracks / FILES), seed: 1, firstEvent: 1 + file * apart })),
    );
    const tree = [parquet, join(folder, `tracks-${file}.root`), TREE];
    const { status, stderr } = spawnSync(command, [...script, ...tree], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`${TREE_WRITER.script}: ${stderr}`);
    await rm(parquet);
  }
}

function* nested(tables: Iterable<ColumnTable>): Generator<ColumnTable> {
  for (const table of tables) yield nestedByEvent(table);
}

/** @returns tracks of all parts, those that train balanced by iteration */
async function tracksOfShards(folder: string, threads: number, round: number): Promise<number> {
  const paths = await listTrackFiles([join(folder, '*.root')]);
  const shards = join(folder, `shards-${process.pid}-${round}`);
  const settings = {
    ...FRACTIONS,
    features: [...TRACK_FEATURES],
    shardRows: 65_536,
    splitSeed: 1,
    dropInvalid: false,
    tree: TREE,
  };
  await prepareFiles(paths, { folder: shards, settings, threads, memoryBytes: MEMORY_BYTES });
  await mergeLists(
    shards,
    paths.map((path) => ({ path, sample: 'all' })),
    settings,
  );
  const set = await openTrackShards(shards);
  const drawn = (part: SplitPart, balanceIterations: boolean) =>
    planDraw(set, { part, balanceIterations, absentIterations: 'error', seed: 1 }).rows;
  return drawn('train', true) + drawn('validation', true) + drawn('test', false);
}
