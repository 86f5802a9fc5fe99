import { readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeColumns } from '@hep/datasets/columns';
import { measureRanges, TRACK_FEATURES } from '@hep/track-dnn';
import { temporaryFolder } from '@hep/test-support';
import {
  flattenTracks,
  generateToyTracks,
  joinTracks,
  mergeLists,
  openTrackShards,
  planDraw,
  prepareFile,
  rangesOfPart,
  readDrawn,
  requireFeatures,
  selectTracks,
  splitTracks,
  tracksOf,
} from '../index.ts';
import type { DrawOptions, TrackShards, TrackTable } from '../index.ts';

const folder = await temporaryFolder();
const at = (name: string) => join(folder, name);
const settings = {
  features: [...TRACK_FEATURES],
  shardRows: 500,
  splitSeed: 1,
  validationFraction: 0.1,
  testFraction: 0.1,
  dropInvalid: false,
  tree: undefined,
};
const toys = [1, 1000].map((firstEvent) => generateToyTracks({ tracks: 6000, seed: 1, firstEvent }));
const paths = [at('a.npz'), at('b.npz')];
const shards = at('shards');

beforeAll(async () => {
  for (const [i, path] of paths.entries()) await writeColumns(path, [toys[i]]);
  for (const path of paths) await prepareFile(shards, path, settings);
  await mergeLists(shards, paths, settings);
});

/** All tracks of the toys in the order of the files. */
const whole = joinTracks(toys.map((toy) => tracksOf(flattenTracks('toy', 0, toy)).table));

async function drawn(set: TrackShards, options: DrawOptions): Promise<TrackTable> {
  const draw = planDraw(set, options);
  const tables: TrackTable[] = [];
  for (const one of draw.shards) tables.push(await readDrawn(set, draw, one));
  const table = joinTracks(tables);
  expect(table.rows).toBe(draw.rows);
  return table;
}

const options = { balanceIterations: false, absentIterations: 'error', seed: 3 } as const;
const codesOf = ({ iterations }: TrackTable) => {
  const counts = new Map<number, number>();
  for (const code of iterations) counts.set(code, (counts.get(code) ?? 0) + 1);
  return counts;
};

describe('shards', () => {
  it('hold the tracks of the split, each once and in the order of the files', async () => {
    const set = await openTrackShards(shards);
    const split = splitTracks(whole.groups, 1, { validation: 0.1, test: 0.1 });
    for (const part of ['train', 'validation', 'test'] as const) {
      const expected = selectTracks(whole, split[part]);
      const { features, iterations, isTrue, treeScores } = await drawn(set, { ...options, part });
      expect(Float32Array.from(features)).toEqual(Float32Array.from(expected.features));
      expect([iterations, isTrue, treeScores]).toEqual([
        expected.iterations,
        expected.isTrue,
        expected.treeScores,
      ]);
      const own = set.shards.filter((shard) => shard.part === part);
      expect(own.every(({ rows }) => rows <= 500)).toBe(true);
      expect(rangesOfPart(set, part)).toEqual(measureRanges(expected.features));
    }
  });

  it('are drawn from with exact counts', async () => {
    const set = await openTrackShards(shards);
    const all = codesOf(await drawn(set, { ...options, part: 'train' }));
    const balanced = await drawn(set, { ...options, part: 'train', balanceIterations: true });
    expect([...codesOf(balanced).values()]).toEqual(Array(11).fill(Math.min(...all.values())));
    const momenta = Array.from(balanced.iterations, (_, row) => balanced.features[row * 29]);
    expect(new Set(momenta).size).toBeGreaterThan(0.99 * momenta.length);
    const some = await drawn(set, { ...options, part: 'test', most: 300 });
    expect(some.rows).toBe(300);
    const few = await drawn(set, { ...options, part: 'train', balanceIterations: true, most: 100 });
    expect([...codesOf(few).values()]).toEqual(Array(11).fill(9));
  });

  it('are kept when nothing changed, and prepared anew when the file did', async () => {
    const times = async () =>
      Promise.all((await readdir(shards)).map(async (name) => (await stat(join(shards, name))).ino));
    const before = await times();
    expect((await prepareFile(shards, paths[0], settings)).isKept).toBe(true);
    expect(await times()).toEqual(before);
    await utimes(paths[0], new Date(), new Date(2020, 1, 1));
    expect((await prepareFile(shards, paths[0], settings)).isKept).toBe(false);
    await mergeLists(shards, paths, settings);
  });

  it('of one folder are all made alike', async () => {
    await expect(prepareFile(shards, paths[1], { ...settings, splitSeed: 2 })).rejects.toThrow(
      'shards: prepared with splitSeed 1, now 2; give the same options, or another folder',
    );
    const features = [...TRACK_FEATURES.slice(1), TRACK_FEATURES[0]];
    await expect(prepareFile(shards, paths[1], { ...settings, features })).rejects.toThrow(
      'shards: prepared earlier, input 0 is trk_pt abs log1p, expected trk_inner_px abs log1p by --features;',
    );
  });

  it('hold the features of their list, and are refused for another one', async () => {
    const other = at('features');
    const features = [
      { name: 'trk_nCluster', abs: false, log1p: false },
      { name: 'trk_dz', abs: true, log1p: true },
    ];
    await prepareFile(other, paths[0], { ...settings, features });
    await mergeLists(other, [paths[0]], { ...settings, features });
    const set = await openTrackShards(other);
    requireFeatures(set, features);
    expect(() => requireFeatures(set, [...features].reverse())).toThrow(
      /features: input 0 is trk_nCluster, expected trk_dz abs log1p by --features; give the list/,
    );
    const part = await drawn(set, { ...options, part: 'train' });
    const { table } = tracksOf(flattenTracks('toy', 0, toys[0]), { features });
    const expected = selectTracks(table, splitTracks(table.groups, 1, { validation: 0.1, test: 0.1 }).train);
    expect([part.width, [...part.features], part.pt]).toEqual([2, [...expected.features], expected.pt]);
    expect(rangesOfPart(set, 'train')).toEqual(measureRanges(expected.features, features));
  });

  it('are listed once all files are there', async () => {
    const other = at('jobs');
    await prepareFile(other, paths[1], settings);
    expect(await mergeLists(other, paths, settings)).toBe(1);
    await expect(openTrackShards(other)).rejects.toThrow('manifest.json: not found; prepare all files');
    await prepareFile(other, paths[0], settings);
    expect(await mergeLists(other, paths, settings)).toBe(0);
    const merged = JSON.parse(await readFile(join(other, 'manifest.json'), 'utf8'));
    expect(merged.files.map(({ source }: { source: { path: string } }) => source.path)).toEqual(paths);
  });

  it('with a damaged list, or one that leads elsewhere, are refused', async () => {
    const other = at('damaged');
    await prepareFile(other, paths[0], settings);
    await mergeLists(other, [paths[0]], settings);
    const list = join(other, 'manifest.json');
    const text = await readFile(list, 'utf8');
    await writeFile(list, text.slice(0, 200));
    await expect(openTrackShards(other)).rejects.toThrow('manifest.json: damaged list of shards');
    await writeFile(list, text.replace(/"file":"[^"]*"/, '"file":"../../secret"'));
    await expect(openTrackShards(other)).rejects.toThrow('damaged list of shards at files.0.shards.0.file');
  });

  it('that are gone are named', async () => {
    const other = at('gone');
    await prepareFile(other, paths[0], settings);
    await mergeLists(other, [paths[0]], settings);
    const set = await openTrackShards(other);
    const [first] = set.shards;
    await rm(join(other, first.file));
    await expect(drawn(set, { ...options, part: first.part })).rejects.toThrow(
      `${first.file}: shard cannot be read (ENOENT); prepare it again`,
    );
  });
});
