import { createHash } from 'node:crypto';
import { copyFile, readdir, readFile, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { readShard } from '@hep/column-shards';
import { writeColumns } from '@hep/datasets/columns';
import { measureRanges, TRACK_FEATURES } from '@hep/track-dnn/variables';
import { temporaryFolder } from '@hep/test-support';
import {
  flattenTracks,
  generateToyTracks,
  joinTracks,
  mergeLists,
  nestedByEvent,
  openTrackShards,
  planDraw,
  prepareFiles,
  rangesOfPart,
  readDrawn,
  requireFeatures,
  selectTracks,
  splitTracks,
  tracksOf,
} from '../index.ts';
import type { DrawOptions, Prepared, ShardSettings, TrackShards, TrackTable } from '../index.ts';

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
const inputs = [
  { path: paths[0], sample: 'first' },
  { path: paths[1], sample: 'second' },
];

/** Prepares files and tells what became of them. */
async function prepare(
  target: string,
  files: readonly string[],
  more: Partial<ShardSettings & { threads: number; memoryBytes: number }> = {},
): Promise<Prepared[]> {
  const { threads = 1, memoryBytes = 2 ** 30, ...own } = more;
  const told: Prepared[] = [];
  const options = { folder: target, settings: { ...settings, ...own }, threads, memoryBytes };
  await prepareFiles(files, options, (prepared) => told.push(prepared));
  return told;
}

beforeAll(async () => {
  for (const [i, path] of paths.entries()) await writeColumns(path, [toys[i]]);
  await prepare(shards, paths);
  await mergeLists(shards, inputs, settings);
});

/** Names and checksums of the shards and lists of a folder. */
async function contents(of: string): Promise<Map<string, string>> {
  const checksum = async (name: string) =>
    createHash('sha256')
      .update(await readFile(join(of, name)))
      .digest('hex');
  const names = (await readdir(of)).sort();
  return new Map(
    await Promise.all(names.map(async (name): Promise<[string, string]> => [name, await checksum(name)])),
  );
}

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

/** Tracks in an order that does not depend on where they lie. */
function sorted({ rows, features, iterations, isTrue, treeScores }: TrackTable): number[][] {
  const tracks = Array.from({ length: rows }, (_, row) => [
    ...features.subarray(row * 29, (row + 1) * 29),
    ...[iterations[row], isTrue[row], treeScores![row]],
  ]);
  return tracks.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
}

describe('shards', () => {
  it('hold the tracks of the split, each once', async () => {
    const set = await openTrackShards(shards);
    const split = splitTracks(whole.groups, 1, { validation: 0.1, test: 0.1 });
    for (const part of ['train', 'validation', 'test'] as const) {
      const expected = selectTracks(whole, split[part]);
      expect(sorted(await drawn(set, { ...options, part }))).toEqual(sorted(expected));
      const own = set.shards.filter((shard) => shard.part === part);
      expect(own.every(({ rows }) => rows <= 500)).toBe(true);
      expect(rangesOfPart(set, part)).toEqual(measureRanges(expected.features));
    }
  });

  it('know their samples', async () => {
    const set = await openTrackShards(shards);
    const rows = (sample: string) =>
      set.shards.reduce((sum, shard) => (shard.sample === sample ? sum + shard.rows : sum), 0);
    expect([rows('first'), rows('second')]).toEqual([6000, 6000]);
  });

  it('are kept when nothing changed, and prepared anew when the file did', async () => {
    const times = async () =>
      Promise.all((await readdir(shards)).map(async (name) => (await stat(join(shards, name))).ino));
    const before = await times();
    const [again] = await prepare(shards, [paths[0]]);
    expect(again.kept).toBe(again.sections.length);
    const unchanged = await contents(shards);
    expect(await contents(shards)).toEqual(unchanged);
    expect((await times()).filter((inode) => before.includes(inode))).toHaveLength(before.length - 1);
    await utimes(paths[0], new Date(), new Date(2020, 1, 1));
    expect((await prepare(shards, [paths[0]]))[0].kept).toBe(0);
    await mergeLists(shards, inputs, settings);
  });

  it('of one folder are all made alike', async () => {
    await expect(prepare(shards, [paths[1]], { splitSeed: 2 })).rejects.toThrow(
      'shards: prepared with --split-seed 1, now 2; give the same options, or another folder',
    );
    const features = [...TRACK_FEATURES.slice(1), TRACK_FEATURES[0]];
    await expect(prepare(shards, [paths[1]], { features })).rejects.toThrow(
      'shards: prepared earlier, input 0 is trk_pt abs log1p, expected trk_inner_px abs log1p by --features;',
    );
  });

  it('hold the tracks of a selection alone, and are refused for another one', async () => {
    const own = { ...settings, select: 'trk_pt > 2' };
    const path = join(folder, 'selected');
    await prepareFiles(paths, { folder: path, settings: own, threads: 2, memoryBytes: 2 ** 28 });
    await mergeLists(path, inputs, own);
    const set = await openTrackShards(path);
    const split = splitTracks(whole.groups, 1, { validation: 0.1, test: 0.1 });
    const rows = split.train.filter((row) => whole.pt[row] > 2);
    expect(rows.length).toBeGreaterThan(0);
    expect(sorted(await drawn(set, { ...options, part: 'train' }))).toEqual(
      sorted(selectTracks(whole, rows)),
    );
    await expect(mergeLists(path, inputs, settings)).rejects.toThrow(
      'prepared with --select trk_pt > 2, now none; give the same options',
    );
  });

  it('hold the features of their list, and are refused for another one', async () => {
    const other = at('features');
    const features = [
      { name: 'trk_nCluster', abs: false, log1p: false },
      { name: 'trk_dz', abs: true, log1p: true },
    ];
    await prepare(other, [paths[0]], { features });
    await mergeLists(other, [inputs[0]], { ...settings, features });
    const set = await openTrackShards(other);
    requireFeatures(set, features);
    expect(() => requireFeatures(set, [...features].reverse())).toThrow(
      /features: input 0 is trk_nCluster, expected trk_dz abs log1p by --features; give the list/,
    );
    const part = await drawn(set, { ...options, part: 'train' });
    const { table } = tracksOf(flattenTracks('toy', 0, toys[0]), { features });
    const expected = selectTracks(table, splitTracks(table.groups, 1, { validation: 0.1, test: 0.1 }).train);
    const pairs = ({ rows, features: numbers, pt }: TrackTable) =>
      Array.from({ length: rows }, (_, row) =>
        [pt[row], numbers[2 * row], numbers[2 * row + 1]].join(),
      ).sort();
    expect([part.width, pairs(part)]).toEqual([2, pairs(expected)]);
    expect(rangesOfPart(set, 'train')).toEqual(measureRanges(expected.features, features));
  });

  it('are listed once all files are there', async () => {
    const other = at('jobs');
    await prepare(other, [paths[1]]);
    expect(await mergeLists(other, inputs, settings)).toBe(1);
    await expect(openTrackShards(other)).rejects.toThrow('manifest.json: not found; prepare all files');
    await prepare(other, [paths[0]]);
    expect(await mergeLists(other, inputs, settings)).toBe(0);
    const merged = JSON.parse(await readFile(join(other, 'manifest.json'), 'utf8'));
    expect(merged.files.map(({ source }: { source: { path: string } }) => source.path)).toEqual(paths);
  });

  it('with a damaged list, or one that leads elsewhere, are refused', async () => {
    const other = at('damaged');
    await prepare(other, [paths[0]]);
    await mergeLists(other, [inputs[0]], settings);
    const list = join(other, 'manifest.json');
    const text = await readFile(list, 'utf8');
    await writeFile(list, text.slice(0, 200));
    await expect(openTrackShards(other)).rejects.toThrow('manifest.json: damaged list of shards');
    await writeFile(list, text.replace(/"file":"[^"]*"/, '"file":"../../secret"'));
    await expect(openTrackShards(other)).rejects.toThrow(
      'damaged list of shards at files.0.sections.0.shards.0.file',
    );
  });

  it('that are gone are named', async () => {
    const other = at('gone');
    await prepare(other, [paths[0]]);
    await mergeLists(other, [inputs[0]], settings);
    const set = await openTrackShards(other);
    const [first] = set.shards;
    await rm(join(other, first.file));
    await expect(drawn(set, { ...options, part: first.part })).rejects.toThrow(
      `${first.file}: shard cannot be read (ENOENT); prepare it again`,
    );
    await expect(mergeLists(other, [inputs[0]], settings)).rejects.toThrow(
      `${first.file}: shard of ${paths[0]} is gone or cut; prepare that file again`,
    );
  });
});

describe('draws from shards', () => {
  const counts = ({ iterations, isTrue }: TrackTable) => {
    const found = new Map<string, number>();
    for (let row = 0; row < iterations.length; row++) {
      const kind = `${iterations[row]} ${isTrue[row]}`;
      found.set(kind, (found.get(kind) ?? 0) + 1);
    }
    return found;
  };
  const copies = (table: TrackTable) => {
    const found = new Map<string, number>();
    for (const track of sorted(table)) found.set(track.join(), (found.get(track.join()) ?? 0) + 1);
    return [...found.values()];
  };

  it('have exact counts of iterations, and no track twice', async () => {
    const set = await openTrackShards(shards);
    const all = codesOf(await drawn(set, { ...options, part: 'train' }));
    const balanced = await drawn(set, { ...options, part: 'train', balanceIterations: true });
    expect([...codesOf(balanced).values()]).toEqual(Array(11).fill(Math.min(...all.values())));
    expect(Math.max(...copies(balanced))).toBe(1);
    const some = await drawn(set, { ...options, part: 'test', most: 300 });
    expect(some.rows).toBe(300);
    const few = await drawn(set, { ...options, part: 'train', balanceIterations: true, most: 100 });
    expect([...codesOf(few).values()]).toEqual(Array(11).fill(9));
  });

  it('are refused when too few take part for both classes, of which a test needs one', async () => {
    const set = await openTrackShards(shards);
    const few = (part: DrawOptions['part'], tracks: number) => () =>
      planDraw(set, { ...options, part, balanceIterations: part !== 'test', most: tracks });
    expect(few('validation', 5)).toThrow(
      `${shards}: validation would have 0 true tracks and 0 fakes, expected both; let more tracks of it take part`,
    );
    const one = planDraw(set, { ...options, part: 'test', most: 1 });
    expect(one.rows).toBe(1);
    const none = new Map(['first', 'second'].map((name) => [name, 0]));
    expect(() => planDraw(set, { ...options, part: 'test', sampleTracks: none })).toThrow(
      'test would have 0 true tracks and 0 fakes, expected some; let more tracks of it take part',
    );
  });

  it('are other ones for other seeds', async () => {
    const set = await openTrackShards(shards);
    const momenta = async (seed: number) =>
      sorted(await drawn(set, { ...options, part: 'train', balanceIterations: true, seed })).map(
        ([pt]) => pt,
      );
    expect(await momenta(3)).toEqual(await momenta(3));
    expect(await momenta(4)).not.toEqual(await momenta(3));
  });

  it('repeat tracks of the rarer class, none much more than another, and lose none', async () => {
    const set = await openTrackShards(shards);
    for (const balanceIterations of [false, true]) {
      const plain = await drawn(set, { ...options, part: 'train', balanceIterations });
      const even = await drawn(set, { ...options, part: 'train', balanceIterations, balanceClasses: true });
      const kinds = counts(even);
      const sum = (truth: string) =>
        [...kinds].reduce((all, [kind, count]) => (kind.endsWith(truth) ? all + count : all), 0);
      const plainTrue = plain.isTrue.reduce((all, truth) => all + truth, 0);
      expect([sum('0'), sum('1')]).toEqual(Array(2).fill(Math.max(plainTrue, plain.rows - plainTrue)));
      const most = Math.max(plainTrue, plain.rows - plainTrue);
      const least = Math.min(plainTrue, plain.rows - plainTrue);
      // Each pile on its own rounds up once.
      expect(Math.max(...copies(even))).toBeLessThanOrEqual(Math.ceil(most / least) + 1);
      const plainKinds = counts(plain);
      for (const [kind, count] of plainKinds) expect(kinds.get(kind)).toBeGreaterThanOrEqual(count);
    }
  });

  it('take as many of a sample as wanted, again and again where it has fewer', async () => {
    const set = await openTrackShards(shards);
    const rowsOf = (sample: string) =>
      set.shards.reduce((all, s) => (s.sample === sample && s.part === 'train' ? all + s.rows : all), 0);
    const many = 2 * rowsOf('second') + 100;
    const sampleTracks = new Map([
      ['first', 1000],
      ['second', many],
    ]);
    const draw = planDraw(set, { ...options, part: 'train', sampleTracks });
    const rows = (sample: string) =>
      draw.shards.reduce((all, { shard, rows: own }) => (shard.sample === sample ? all + own : all), 0);
    expect([rows('first'), rows('second'), draw.rows]).toEqual([1000, many, 1000 + many]);
    const found = copies(await drawn(set, { ...options, part: 'train', sampleTracks }));
    expect(found.filter((times) => times === 1)).toHaveLength(1000);
    expect(found.filter((times) => times === 3)).toHaveLength(100);
    const none = { ...options, part: 'train', sampleTracks: new Map([['third', 1]]) } as const;
    expect(() => planDraw(set, none)).toThrow('no train tracks of sample third; prepare files of it');
  });
});

describe('preparing', () => {
  const nested = at('nested.parquet');
  beforeAll(async () => {
    const pieces = [1, 500, 1000, 1500].map((firstEvent) =>
      nestedByEvent(generateToyTracks({ tracks: 6000, seed: 2, firstEvent })),
    );
    await writeColumns(nested, pieces);
  });

  it('gives the same files for any number of threads and any memory', async () => {
    const files = [...paths, nested];
    for (const [name, more] of Object.entries({
      one: { threads: 1 },
      three: { threads: 3 },
      little: { threads: 1, memoryBytes: 2 ** 20 },
    })) {
      await prepare(at(name), files, more);
    }
    const one = await contents(at('one'));
    expect(one.size).toBeGreaterThan(60);
    expect(await contents(at('three'))).toEqual(one);
    expect(await contents(at('little'))).toEqual(one);
  }, 60_000);

  it.each([0, 1, 2])(
    'stops all threads at a file that cannot be used, wherever it stands (%i)',
    async (place) => {
      const broken = at(`broken-${place}.parquet`);
      const unknown = { kind: 'flat', values: new Int32Array(toys[0].rows).fill(99) } as const;
      const columns = new Map([...toys[0].columns, ['trk_originalAlgo', unknown] as const]);
      await writeColumns(broken, [{ rows: toys[0].rows, columns }]);
      const files = [...paths, nested].toSpliced(place, 0, broken);
      const told: string[] = [];
      const options = { folder: at(`part-${place}`), settings, threads: 2, memoryBytes: 2 ** 30 };
      const failed = prepareFiles(files, options, ({ path }) => told.push(path));
      await expect(failed).rejects.toThrow(/broken-\d\.parquet: row 0: trk_originalAlgo is 99/);
      const before = told.length;
      await setTimeout(300);
      expect(told.length).toBe(before);
    },
  );

  it('goes on within a file, and loses no more than a section', async () => {
    const target = at('stopped');
    const [{ sections }] = await prepare(target, [nested]);
    expect(sections.length).toBeGreaterThan(2);
    const complete = await contents(target);
    // As a process leaves it that was killed in its second section.
    const list = [...complete.keys()].find((name) => /^[0-9a-f]{12}\.json$/.test(name))!;
    const { settings: same, source } = JSON.parse(await readFile(join(target, list), 'utf8'));
    await writeFile(
      join(target, list.replace('.json', '-00000.json')),
      JSON.stringify({ settings: same, source, ...sections[0] }),
    );
    await rm(join(target, list));
    const lost = sections.slice(1).flatMap(({ shards: own }) => own.map(({ file }) => file));
    await Promise.all(lost.slice(1).map((file) => rm(join(target, file))));
    await writeFile(join(target, `.${lost[1]}.123.tmp`), 'half a shard');
    const [again] = await prepare(target, [nested]);
    expect([again.kept, again.sections.length]).toEqual([1, sections.length]);
    expect(await contents(target)).toEqual(complete);
  });

  it('restores shards that were removed or cut, and these alone', async () => {
    const target = at('restored');
    const [{ sections }] = await prepare(target, [nested]);
    const complete = await contents(target);
    await rm(join(target, sections[1].shards[0].file));
    await truncate(join(target, sections[2].shards[1].file), 100);
    const [again] = await prepare(target, [nested]);
    expect(again.kept).toBe(sections.length - 2);
    expect(await contents(target)).toEqual(complete);
  });

  it('restores a damaged shard once it is removed, as reading it advises', async () => {
    const target = at('flipped');
    const [{ sections }] = await prepare(target, [nested]);
    const complete = await contents(target);
    const [shard] = sections[1].shards;
    const path = join(target, shard.file);
    const bytes = await readFile(path);
    bytes[bytes.length - 9] ^= 1;
    await writeFile(path, bytes);
    await expect(readShard(target, shard)).rejects.toThrow(
      `${path}: shard is damaged, its checksum differs; remove it and prepare it again`,
    );
    await rm(path);
    await prepare(target, [nested]);
    expect(await contents(target)).toEqual(complete);
  });

  it('removes what was made of an earlier content of a file', async () => {
    const [path, target] = [at('growing.npz'), at('earlier')];
    await copyFile(paths[0], path);
    await prepare(target, [path]);
    await writeColumns(path, [generateToyTracks({ tracks: 1000, seed: 3 })]);
    const [{ sections }] = await prepare(target, [path]);
    const listed = sections.flatMap(({ shards: own }) => own.map(({ file }) => file));
    expect((await readdir(target)).filter((name) => name.endsWith('.columns')).sort()).toEqual(listed.sort());
  });
});
