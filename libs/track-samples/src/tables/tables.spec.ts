import { join, relative } from 'node:path';
import { writeColumns } from '@hep/datasets/columns';
import type { Column, ColumnTable, FlatColumn, JaggedColumn } from '@hep/datasets/columns';
import { TRACK_FEATURES } from '@hep/track-dnn/variables';
import { temporaryFolder } from '@hep/test-support';
import {
  flattenTracks,
  generateToyTracks,
  listTrackFiles,
  nestedByEvent,
  readTracks,
  selectTracks,
  TRACK_BRANCHES,
  tracksOf,
} from '../index.ts';

const folder = await temporaryFolder();
const at = (name: string) => join(folder, name);
const toy = generateToyTracks({ tracks: 300, seed: 3 });
const expected = tracksOf(flattenTracks('toy', 0, toy)).table;
const valuesOf = (table: ColumnTable, name: string) => (table.columns.get(name) as FlatColumn).values;

/** The toy with some columns replaced, or without them. */
function changed(table: ColumnTable, changes: Record<string, Column | null>): ColumnTable {
  const columns = new Map(table.columns);
  for (const [name, column] of Object.entries(changes)) {
    if (column === null) columns.delete(name);
    else columns.set(name, column);
  }
  return { ...table, columns };
}

/** The toy with one number changed. */
function withNumber(name: string, row: number, value: number): ColumnTable {
  const values = Float32Array.from(valuesOf(toy, name) as Float32Array);
  values[row] = value;
  return changed(toy, { [name]: { kind: 'flat', values } });
}

describe('tracks of files', () => {
  it.each(['parquet', 'csv', 'npz'])('flat %s', async (format) => {
    await writeColumns(at(`flat.${format}`), [toy]);
    const { table, dropped } = await readTracks([at(`flat.${format}`)]);
    expect(dropped).toBe(0);
    expect(table).toEqual(expected);
  });

  it('vectors of each event, of the same groups as flat ones', async () => {
    await writeColumns(at('nested.parquet'), [nestedByEvent(toy)]);
    expect((await readTracks([at('nested.parquet')])).table).toEqual(expected);
  });

  it('many files after each other, each once', async () => {
    const second = generateToyTracks({ tracks: 50, seed: 3, firstEvent: 100 });
    await writeColumns(at('part-1.npz'), [toy]);
    await writeColumns(at('part-2.npz'), [second]);
    const paths = await listTrackFiles([at('part-*.npz'), at('part-1.npz')]);
    expect(paths).toEqual([at('part-1.npz'), at('part-2.npz')]);
    const { table } = await readTracks(paths);
    expect(table.rows).toBe(350);
    expect(table.features.slice(0, 300 * expected.width)).toEqual(expected.features);
    expect(table.features[300 * table.width]).toBe(valuesOf(second, 'trk_pt')[0]);
    expect(await listTrackFiles([paths[0], relative('.', paths[0])])).toEqual([paths[0]]);
    await expect(listTrackFiles([at('none-*.root')])).rejects.toThrow('none-*.root: no such file');
  });

  it('take variables in the order of the network, and the trees between 0 and 1', () => {
    TRACK_FEATURES.forEach(({ name }, feature) =>
      expect(expected.features[5 * expected.width + feature]).toBe(valuesOf(toy, name)[5]),
    );
    expect(expected.treeScores![5]).toBeCloseTo((Number(valuesOf(toy, 'trk_mva')[5]) + 1) / 2, 6);
    expect(tracksOf(flattenTracks('a', 0, changed(toy, { trk_mva: null }))).table.treeScores).toBe(null);
  });
});

describe('what belongs together', () => {
  const groupsOf = (table: ColumnTable) => tracksOf(flattenTracks('a', 0, table)).table.groups;

  it('is the event by its number', () => {
    const events = valuesOf(toy, 'event') as Int32Array;
    expect(new Set(expected.groups).size).toBe(new Set(events).size);
    expected.groups.forEach((group, row) =>
      expect(group === expected.groups[0]).toBe(events[row] === events[0]),
    );
  });

  it('is without number the entry of vectors by its content, or the track', () => {
    const nested = changed(nestedByEvent(toy), { event: null });
    const events = valuesOf(toy, 'event') as Int32Array;
    const byEntry = groupsOf(nested);
    byEntry.forEach((group, row) => expect(group === byEntry[0]).toBe(events[row] === events[0]));
    const byTrack = groupsOf(changed(toy, { event: null }));
    expect(new Set(byTrack).size).toBe(300);
  });
});

describe('a list of features', () => {
  const features = [
    { name: 'trk_nCluster', abs: false, log1p: false },
    { name: 'trk_dz', abs: true, log1p: true },
  ];

  it('decides what is read and in which order; momenta are there all the same', async () => {
    await writeColumns(at('own.parquet'), [toy]);
    const { table } = await readTracks([at('own.parquet')], { features });
    expect(table.width).toBe(2);
    const pairs = Array.from({ length: 300 }, (_, row) => [
      valuesOf(toy, 'trk_nCluster')[row],
      valuesOf(toy, 'trk_dz')[row],
    ]);
    expect([...table.features]).toEqual(pairs.flat());
    expect(table.pt).toEqual(valuesOf(toy, 'trk_pt'));
    expect([table.isTrue, table.groups]).toEqual([expected.isTrue, expected.groups]);
  });

  it('that the file does not have is refused with the nearest names', async () => {
    await writeColumns(at('own.npz'), [toy]);
    const unknown = [...features, { name: 'trk_nChi3', abs: false, log1p: false }];
    await expect(readTracks([at('own.npz')], { features: unknown })).rejects.toThrow(
      /own.npz: 1 of 6 branches missing: trk_nChi3 \(did you mean trk_nChi2\?\)/,
    );
  });

  it('with log1p of a number below -1 is refused by row', () => {
    const list = [{ name: 'trk_dz', abs: false, log1p: true }];
    expect(() => tracksOf(flattenTracks('a.csv', 0, toy), { features: list })).toThrow(
      /a.csv: row \d+: trk_dz is -\S+, expected more than -1 for log1p without abs/,
    );
  });
});

describe('a selection', () => {
  const select = 'trk_pt > 1.5 and abs(trk_eta) < 2 or trk_nCluster >= 20';
  const [pt, eta, clusters] = ['trk_pt', 'trk_eta', 'trk_nCluster'].map((name) => valuesOf(toy, name));
  const rows = Int32Array.from(pt.keys()).filter(
    (row) => (Number(pt[row]) > 1.5 && Math.abs(Number(eta[row])) < 2) || Number(clusters[row]) >= 20,
  );

  it.each([
    ['flat', toy],
    ['nested', nestedByEvent(toy)],
  ])('takes the tracks for which it is true, of %s files', async (name, table) => {
    await writeColumns(at(`select-${name}.parquet`), [table]);
    const read = await readTracks([at(`select-${name}.parquet`)], { select });
    expect(rows.length).toBeGreaterThan(20);
    expect(rows.length).toBeLessThan(280);
    expect(read).toEqual({ table: selectTracks(expected, rows), dropped: 0 });
  });

  it('may be about events, and asks nothing of tracks that are not taken', () => {
    const flat = flattenTracks('a.csv', 0, withNumber('trk_dxy', 17, NaN));
    const others = tracksOf(flat, { select: 'trk_dxy == trk_dxy' });
    expect([others.table.rows, others.dropped]).toEqual([299, 0]);
    expect(() => tracksOf(flat, { select: 'event >= 0' })).toThrow('a.csv: row 17: trk_dxy is NaN');
    expect(tracksOf(flat, { select: 'trk_dxy != trk_dxy', dropInvalid: true }).dropped).toBe(1);
  });

  it('of an unknown branch, without a track, or not understood is refused', async () => {
    const path = at('flat.parquet');
    await writeColumns(path, [toy]);
    const read = (text: string) => readTracks([path], { select: text });
    await expect(read('trk_ptt > 1')).rejects.toThrow('trk_ptt (did you mean trk_pt?)');
    await expect(read('trk_pt < 0')).rejects.toThrow('no tracks; check files, tree and --select');
    await expect(read('trk_pt >')).rejects.toThrow('trk_pt >');
  });
});

describe('bad tracks', () => {
  const check = (table: ColumnTable, dropInvalid = false) =>
    tracksOf(flattenTracks('a.csv', 1000, table), { dropInvalid });

  it.each([
    ['trk_dxy', NaN, 'a.csv: row 1017: trk_dxy is NaN, expected a finite number; correct them'],
    ['trk_pt', Infinity, 'a.csv: row 1017: trk_pt is Infinity, expected a finite number'],
    ['trk_originalAlgo', 12, 'row 1017: trk_originalAlgo is 12, expected one of 4, 5, 6, 7, 8, 9, 10'],
    ['trk_originalAlgo', 260, 'row 1017: trk_originalAlgo is 260, expected one of'],
    ['trk_originalAlgo', 4.5, 'row 1017: trk_originalAlgo is 4.5, expected one of'],
    ['trk_isTrue', 2, 'row 1017: trk_isTrue is 2, expected 0 or 1'],
    ['trk_mva', NaN, 'row 1017: trk_mva is NaN, expected a finite number'],
  ])('%s %d', (name, value, message) => {
    const table = withNumber(name, 17, value);
    expect(() => check(table)).toThrow(message);
    const { table: kept, dropped } = check(table, true);
    expect([kept.rows, dropped]).toEqual([299, 1]);
    expect(kept.features.slice(17 * expected.width)).toEqual(expected.features.slice(18 * expected.width));
  });

  it('are named by entry and place in vectors, the first five of them', () => {
    const table = nestedByEvent(withNumber('trk_eta', 40, NaN));
    const { offsets } = table.columns.get('trk_eta') as JaggedColumn;
    const entry = offsets.findLastIndex((start) => start <= 40);
    expect(() => check(table)).toThrow(
      `a.csv: entry ${1000 + entry}, track ${40 - offsets[entry]} of it: trk_eta is NaN`,
    );
    const many = changed(toy, { trk_eta: { kind: 'flat', values: new Float32Array(300).fill(NaN) } });
    expect(() => check(many)).toThrow(/row 1004: trk_eta is NaN, expected a finite number and 295 more;/);
  });

  it('of branches of different lengths are named with the entry', () => {
    const nested = nestedByEvent(toy);
    const vector = nested.columns.get('trk_phi') as JaggedColumn;
    const offsets = vector.offsets.slice();
    offsets[2]--;
    expect(() => check(changed(nested, { trk_phi: { ...vector, offsets } }))).toThrow(
      /^a.csv: entry 1001: (\d+) tracks in trk_pt, (\d+) in trk_phi; expected as many in all branches$/,
    );
    expect(() =>
      check(changed(nested, { trk_phi: { kind: 'flat', values: new Float32Array(300) } })),
    ).toThrow('a.csv: branch trk_phi has one number for each entry, trk_pt a vector');
  });

  it('of missing branches are named all at once with the nearest names', async () => {
    const table = changed(toy, { trk_isTrue: null, trk_pt: null, trk_nPixel: null });
    const columns = new Map([...table.columns, ['trk_istrue', toy.columns.get('trk_isTrue')!]]);
    await writeColumns(at('missing.npz'), [{ ...table, columns }]);
    await expect(readTracks([at('missing.npz')])).rejects.toThrow(
      /missing.npz: 3 of 31 branches missing: trk_pt \(did you mean trk_p[xyz]\?\), trk_nPixel, trk_isTrue \(did you mean trk_istrue\?\); choose/,
    );
  });
});

describe('toy tracks', () => {
  it('have the 37 branches, all of them finite, and depend on seed and event alone', () => {
    expect(TRACK_BRANCHES).toHaveLength(37);
    expect([...toy.columns.keys()]).toEqual(['event', ...TRACK_BRANCHES]);
    for (const name of TRACK_BRANCHES) {
      expect((valuesOf(toy, name) as Float32Array).every(Number.isFinite)).toBe(true);
    }
    const longer = generateToyTracks({ tracks: 400, seed: 3 });
    const start = (table: ColumnTable) => valuesOf(table, 'trk_pt').slice(0, 270);
    expect(start(longer)).toEqual(start(toy));
    expect(start(generateToyTracks({ tracks: 400, seed: 4 }))).not.toEqual(start(toy));
  });
});
