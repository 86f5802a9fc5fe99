import type { ColumnTable, FlatColumn } from '@hep/datasets/columns';
import fc from 'fast-check';
import { deltaR, wrapAngle } from '../angles.ts';
import { convertNtuple, DATA_TYPES } from '../index.ts';
import type { ConversionSettings, DataType } from '../index.ts';
import { rowsOf } from '../testing/convert-plainly.ts';
import type { EventRecord, ObjectRecord } from '../testing/event-records.ts';
import { ntupleOf } from '../testing/event-records.ts';

const cuts = { minJetPtGeV: 40, maxJetPtGeV: 500, mHGeV: 125, mSGeV: 25 };

async function convert(
  events: readonly EventRecord[],
  dataType: DataType,
  settings: Partial<ConversionSettings> = {},
): Promise<ColumnTable> {
  const file = ntupleOf(events, dataType);
  const tables: ColumnTable[] = [];
  for await (const table of convertNtuple(file, { ...cuts, dataType, ...settings })) tables.push(table);
  return tables[0];
}

const column = (table: ColumnTable, name: string) =>
  Array.from((table.columns.get(name) as FlatColumn).values, Number);

/** Columns of objects, jets and particles that are not zero, row by row. */
function rowsFound(table: ColumnTable): Record<string, number>[] {
  const names = [...table.columns.keys()].filter((name) => /^(clus|track|MSeg|jet|llp)_(?!m[HS])/.test(name));
  const values = names.map((name) => [name, column(table, name)] as const);
  return Array.from({ length: table.rows }, (_, row) =>
    Object.fromEntries(
      values.map(([name, all]) => [name, all[row]] as const).filter(([, value]) => value !== 0),
    ),
  );
}

const withoutZeros = (row: Record<string, number>) =>
  Object.fromEntries(Object.entries(row).filter(([, value]) => value !== 0));

const between = (min: number, max: number) => fc.double({ min, max, noNaN: true });
/** Often near each other, so that jets and particles match; azimuths on both sides of the seam. */
const eta = fc.oneof(between(-3, 3), between(-0.2, 0.2));
const phi = fc.oneof(between(-Math.PI, Math.PI), between(3, Math.PI), between(-Math.PI, -3));
const pt = between(1, 600);
const jetIndex = fc.integer({ min: -1, max: 4 });
const lists = fc.array(jetIndex, { maxLength: 3 });
const feature = fc.oneof(
  { weight: 9, arbitrary: between(-9, 9) },
  { weight: 1, arbitrary: fc.constant(NaN) },
);

const event: fc.Arbitrary<EventRecord> = fc.record({
  jet: fc.array(fc.record({ pt, eta, phi, isClean_LooseBadLLP: fc.constantFrom(0, 1) }), { maxLength: 5 }),
  clus: fc.array(fc.record({ pt, eta, phi, jetIndex, l1ecal: feature }), { maxLength: 12 }),
  track: fc.array(fc.record({ pt, eta, phi, jetIndex: lists, d0: feature }), { maxLength: 12 }),
  MSeg: fc.array(fc.record({ etaPos: eta, phiPos: phi, phiDir: phi, etaDir: feature, jetIndex: lists }), {
    maxLength: 6,
  }),
  llp: fc.array(
    fc.record({
      ...{ pt, phi },
      eta: fc.oneof(eta, fc.constant(1.4)),
      Lxy: between(1000, 4200),
      Lz: between(-6500, 6500),
    }),
    { maxLength: 3 },
  ),
  HLT_jet: fc.array(fc.record({ pt, eta, phi, isBIB: fc.constantFrom(0, 1) }), { maxLength: 3 }),
});
const events = fc.array(event, { minLength: 1, maxLength: 4 });

describe('conversion', () => {
  it.each(DATA_TYPES)('of %s gives the rows that the specification describes', async (dataType) => {
    let rows = 0;
    await fc.assert(
      fc.asyncProperty(events, async (records) => {
        const expected = records.flatMap((record) => rowsOf(record, dataType, [40, 500])).map(withoutZeros);
        expect(rowsFound(await convert(records, dataType))).toEqual(expected);
        rows += expected.length;
      }),
      { numRuns: 60, seed: 1 },
    );
    expect(rows).toBeGreaterThan(10);
  });

  it('does not see in which order objects of different pt stand in the file', async () => {
    const distinct = (records: readonly ObjectRecord[] = []) =>
      new Set(records.map((r) => r.pt)).size === records.length;
    await fc.assert(
      fc.asyncProperty(event, async (record) => {
        fc.pre(distinct(record.clus) && distinct(record.track));
        const turned = { ...record, clus: record.clus!.toReversed(), track: record.track!.toReversed() };
        expect(rowsFound(await convert([turned], 'qcd'))).toEqual(rowsFound(await convert([record], 'qcd')));
      }),
      { numRuns: 50 },
    );
  });

  it('puts cluster 0 at the origin, azimuths in [-pi, pi) and particles within 0.4 of their jets', async () => {
    await fc.assert(
      fc.asyncProperty(events, async (records) => {
        const table = await convert(records, 'sig');
        expect(
          [...column(table, 'clus_eta_0'), ...column(table, 'clus_phi_0')].every((value) => value === 0),
        ).toBe(true);
        for (const name of ['clus_phi_1', 'track_phi_0', 'MSeg_phiPos_0', 'MSeg_phiDir_0']) {
          expect(column(table, name).every((angle) => angle >= -Math.PI && angle < Math.PI)).toBe(true);
        }
        const [jetEta, jetPhi, eta, phi] = ['jet_eta', 'jet_phi', 'llp_eta', 'llp_phi'].map((name) =>
          column(table, name),
        );
        for (let row = 0; row < table.rows; row++) {
          expect(deltaR(jetEta[row], jetPhi[row], eta[row], phi[row])).toBeLessThanOrEqual(0.4);
        }
      }),
      { numRuns: 50 },
    );
  });
});

describe('wrapAngle', () => {
  it('keeps the direction and lands in [-pi, pi)', () => {
    fc.assert(
      fc.property(between(-40, 40), (angle) => {
        const wrapped = wrapAngle(angle);
        expect(wrapped >= -Math.PI && wrapped < Math.PI).toBe(true);
        expect(Math.cos(wrapped)).toBeCloseTo(Math.cos(angle), 9);
        expect(Math.sin(wrapped)).toBeCloseTo(Math.sin(angle), 9);
      }),
      { examples: [[Math.PI], [-Math.PI], [-Math.PI - 4e-16], [3 * Math.PI]] },
    );
  });
});

describe('rows', () => {
  const jet = { pt: 100, eta: 0, phi: 0, isClean_LooseBadLLP: 1 };
  const particle = { pt: 90, eta: 0.1, phi: 0.1, Lxy: 2000, Lz: 0 };

  it('keep a jet without clusters', async () => {
    const table = await convert([{ jet: [jet] }], 'qcd');
    expect([table.rows, ...column(table, 'clus_pt_0'), ...column(table, 'clus_phi_0')]).toEqual([1, 0, 0]);
  });

  it('have a jet of two particles twice, with the objects of the jet each time', async () => {
    const clus = [{ pt: 5, eta: 1, phi: 1, jetIndex: 0 }];
    const table = await convert([{ jet: [jet], clus, llp: [particle, { ...particle, pt: 80 }] }], 'sig');
    expect(column(table, 'llp_pt')).toEqual([90, 80]);
    expect(column(table, 'clus_pt_0')).toEqual([5, 5]);
    expect([
      column(table, 'label'),
      column(table, 'mcEventWeight'),
      column(table, 'llp_mH'),
      column(table, 'llp_mS'),
    ]).toEqual([
      [1, 1],
      [1, 1],
      [125, 125],
      [25, 25],
    ]);
  });

  it.each<[{ eta?: number; Lxy?: number; Lz?: number }, boolean]>([
    [{}, true],
    [{ Lxy: 1200 }, false],
    [{ Lxy: 4000 }, false],
    [{ eta: 1.4, Lz: 4000 }, false],
    [{ eta: -1.5, Lxy: 2000, Lz: -4000 }, true],
    [{ eta: 1.5, Lxy: 2000, Lz: 3500 }, false],
    [{ eta: 0.4001 }, false],
  ])('accept a particle with %o: %s', async (change, isAccepted) => {
    const near = { ...jet, eta: Math.abs(change.eta ?? 0) > 1 ? change.eta! : 0, phi: 0.1 };
    const table = await convert([{ jet: [near], llp: [{ ...particle, ...change }] }], 'sig');
    expect(table.rows).toBe(isAccepted ? 1 : 0);
  });

  it('take min <= pt < max and |eta| <= 2.5, by falling pt, equal ones as in the file', async () => {
    const jets = [
      [39.999, 0],
      [40, 1],
      [499.9, 2.5],
      [500, 0],
      [100, 2.501],
      [40, -1],
    ].map(([pt, eta]) => ({ ...jet, pt, eta }));
    const table = await convert([{ jet: jets }], 'qcd');
    expect(column(table, 'jet_pt')).toEqual([499.9, 40, 40]);
    expect(column(table, 'jet_eta')).toEqual([2.5, 1, -1]);
  });

  it('match jets of the trigger at any distance', async () => {
    const jets = [
      { ...jet, eta: 2 },
      { ...jet, eta: -2, pt: 60 },
    ];
    const HLT_jet = [
      { eta: -1, phi: 3, isBIB: 1 },
      { eta: 2, phi: 0, isBIB: 0 },
    ];
    const table = await convert([{ jet: jets, HLT_jet }, { jet: jets }], 'bib');
    expect(column(table, 'jet_pt')).toEqual([60]);
    expect(column(table, 'label')).toEqual([2]);
  });

  it('hold the 30 clusters and 20 tracks of largest pt and the first 30 segments', async () => {
    const many = Array.from({ length: 40 }, (_, i) => i);
    const record = {
      jet: [jet],
      clus: many.map((i) => ({ pt: i + 1, eta: 0, phi: 0, jetIndex: 0 })),
      track: many.map((i) => ({ pt: i + 1, eta: 0, phi: 0, jetIndex: [0, 0] })),
      MSeg: many.map((i) => ({ etaDir: i + 1, jetIndex: [0] })),
    };
    const table = await convert([record], 'qcd');
    const all = (prefix: string, count: number) =>
      Array.from({ length: count }, (_, i) => column(table, `${prefix}_${i}`)[0]);
    expect(all('clus_pt', 30)).toEqual(many.slice(0, 30).map((i) => 40 - i));
    expect(all('track_pt', 20)).toEqual(many.slice(0, 20).map((i) => 40 - i));
    expect(all('MSeg_etaDir', 30)).toEqual(many.slice(0, 30).map((i) => i + 1));
  });

  it('keep 64-bit event numbers', async () => {
    const table = await convert([{ jet: [jet], eventNumber: 2 ** 53 - 1, mcEventWeight: 0.5 }], 'qcd');
    expect((table.columns.get('eventNumber') as FlatColumn).values[0]).toBe(2n ** 53n - 1n);
    expect(column(table, 'mcEventWeight')).toEqual([0.5]);
  });
});

describe('many rows', () => {
  it('come in several tables, with the objects of each jet', async () => {
    const record = (pt: number): EventRecord => ({
      jet: Array.from({ length: 600 }, () => ({ pt })),
      clus: [{ pt, jetIndex: 599 }],
    });
    const events = Array.from({ length: 20 }, (_, index) => record(50 + index));
    const tables: ColumnTable[] = [];
    for await (const table of convertNtuple(ntupleOf(events, 'qcd'), { ...cuts, dataType: 'qcd' })) {
      tables.push(table);
    }
    expect(tables.map(({ rows }) => rows)).toEqual([10_000, 2000]);
    const [jets, clusters] = ['jet_pt', 'clus_pt_0'].map((name) =>
      tables.flatMap((table) => column(table, name)),
    );
    expect(jets).toEqual(events.flatMap((_, index) => new Array<number>(600).fill(50 + index)));
    expect(clusters.every((pt, row) => pt === (row % 600 === 599 ? jets[row] : 0))).toBe(true);
  });
});

describe('branches', () => {
  it('of other names are read after renaming; a renamed one comes last', async () => {
    const branches = ['jet_phi', 'jet_eta', 'jet_pT', 'jet_isClean_LooseBadLLP'];
    const others = (await import('./branches.ts')).DEFAULT_BRANCHES.qcd.filter(
      (name) => !branches.includes(name),
    );
    const renames = {
      jet_pT: 'jet_pt',
      track_pT: 'track_pt',
      cluster_jetIndex: 'clus_jetIndex',
      jet_isClean_LooseBadLLP: 'jet_clean',
    };
    const table = await convert([], 'qcd', { branches: [...branches, ...others], renames });
    expect(table).toBeUndefined();
    const one = await convert([{ jet: [{ pt: 50, isClean_LooseBadLLP: 1 }] }], 'qcd', {
      branches: [...branches, ...others],
      renames,
    });
    expect([...one.columns.keys()].filter((name) => name.startsWith('jet_'))).toEqual([
      'jet_phi',
      'jet_eta',
      'jet_pt',
      'jet_clean',
    ]);
    expect(column(one, 'jet_clean')).toEqual([1]);
  });

  it('that give no needed field are named all at once', async () => {
    await expect(convert([{}], 'sig', { branches: ['jet_eta', 'llp_eta'] })).rejects.toThrow(
      'branches of sig: none gives jet_pt, jet_phi, clus_jetIndex, clus_pt, clus_eta, clus_phi, track_jetIndex, ' +
        'track_pt, track_eta, track_phi, MSeg_jetIndex, MSeg_etaPos, MSeg_phiPos, MSeg_phiDir, llp_phi, llp_Lxy, llp_Lz; ' +
        'name a branch for each in the list or in the renames',
    );
  });

  it('that a file lacks, or has in another form, are named all at once', async () => {
    const file = ntupleOf([{}], 'qcd');
    const convertFile = (types: ReadonlyMap<string, string>) =>
      convertNtuple({ ...file, types }, { ...cuts, dataType: 'qcd' }).next();
    const fewer = new Map(
      [...file.types].filter(([name]) => !name.startsWith('MSeg_phi') && name !== 'clus_pt'),
    );
    await expect(convertFile(fewer)).rejects.toThrow(
      'toy.root: does not contain the required branches clus_pt, MSeg_phiPos, MSeg_phiDir; choose another --data-type or ' +
        'list the branches to read',
    );
    const others = new Map([
      ...file.types,
      ['jet_eta', 'float32'],
      ['track_jetIndex', 'int32[]'],
      ['clus_eta', 'int64[]'],
    ]);
    await expect(convertFile(others)).rejects.toThrow(
      'toy.root: branches of other types than needed: jet_eta has float32, expected lists of numbers; clus_eta has ' +
        'int64[], expected lists of numbers; track_jetIndex has int32[], expected lists of lists of integers',
    );
  });

  it('that disagree on the number of objects are an error with the event', async () => {
    const file = ntupleOf([{ jet: [{ pt: 50 }] }, { jet: [{ pt: 50 }] }], 'qcd');
    const other = ntupleOf([{ jet: [{ pt: 50 }] }, { jet: [{}, {}] }], 'qcd');
    const read: typeof file.read = async (names, range) => {
      const [table, wrong] = [await file.read(names, range), await other.read(['jet_phi'], range)];
      return { ...table, columns: new Map([...table.columns, ...wrong.columns]) };
    };
    await expect(convertNtuple({ ...file, read }, { ...cuts, dataType: 'qcd' }).next()).rejects.toThrow(
      'toy.root event 1: 2 entries of jet_phi but 1 of jet_eta, expected as many',
    );
  });

  it('of more jets than an event can have are an error', async () => {
    const jet = Array.from({ length: 1001 }, () => ({ pt: 50 }));
    await expect(convert([{}, { jet }], 'qcd')).rejects.toThrow(
      'toy.root event 1: 1001 entries of jet_eta, expected at most 1000',
    );
  });
});
