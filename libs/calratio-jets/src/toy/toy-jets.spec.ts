import { csvText, tableStream } from '@hep/datasets/columns';
import type { ColumnTable, FlatColumn } from '@hep/datasets/columns';
import { generateToyJets, OBJECT_KINDS, objectColumn, toyJetBatches, TRAINING_COLUMNS } from '../index.ts';
import type { ObjectKind } from '../index.ts';

const ROWS = 1500;
/** Global names are slow inside of a test. */
const { isFinite } = Number;
const main = generateToyJets({ rows: ROWS, seed: 1, sample: 'main' });
const control = generateToyJets({ rows: ROWS, seed: 1, sample: 'control' });
const [clusters, tracks, segments] = OBJECT_KINDS;

const numbers = (table: ColumnTable, name: string) => (table.columns.get(name) as FlatColumn).values;
const labels = (table: ColumnTable) => Array.from(numbers(table, 'label'), Number);
const rowsOf = (table: ColumnTable, label: number) =>
  labels(table).flatMap((found, row) => (found === label ? [row] : []));

/** Objects of each jet, whose first feature is never zero. */
function counts(table: ColumnTable, kind: ObjectKind): number[] {
  const columns = Array.from({ length: kind.count }, (_, i) =>
    numbers(table, objectColumn(kind, kind.features[0], i)),
  );
  return Array.from({ length: table.rows }, (_, row) => columns.filter((values) => values[row] !== 0).length);
}

/** Mean of a number over the jets of a label. */
function mean(table: ColumnTable, label: number, valueOf: (row: number) => number): number {
  const rows = rowsOf(table, label);
  return rows.reduce((sum, row) => sum + valueOf(row), 0) / rows.length;
}

/** Share of the leading cluster's energy in the electromagnetic layers. */
const electromagneticShare = (table: ColumnTable) => (row: number) =>
  [1, 2, 3, 4].reduce((sum, layer) => sum + Number(numbers(table, `clus_l${layer}ecal_0`)[row]), 0);

describe('toy jets', () => {
  it('have the columns and types of a training file', () => {
    expect([...main.columns.keys()]).toEqual(TRAINING_COLUMNS);
    expect(numbers(main, 'label')).toBeInstanceOf(BigInt64Array);
    expect(numbers(main, 'eventNumber')).toBeInstanceOf(BigUint64Array);
    expect(numbers(main, 'runNumber')).toBeInstanceOf(Uint32Array);
    expect(numbers(main, 'clus_pt_0')).toBeInstanceOf(Float32Array);
    for (const [name, column] of [...main.columns, ...control.columns]) {
      const { values } = column as FlatColumn;
      expect([
        name,
        values.length,
        values.every((value) => typeof value === 'bigint' || isFinite(value)),
      ]).toEqual([name, ROWS, true]);
    }
  });

  it('depend on seed, sample and row number only', () => {
    const part = generateToyJets({ rows: 5, seed: 1, sample: 'main', firstRow: 700 });
    for (const name of TRAINING_COLUMNS) {
      expect([name, ...numbers(part, name)]).toEqual([name, ...numbers(main, name).slice(700, 705)]);
    }
    const other = generateToyJets({ rows: 5, seed: 2, sample: 'main', firstRow: 700 });
    expect([...numbers(other, 'jet_pt')]).not.toEqual([...numbers(part, 'jet_pt')]);
    expect([...numbers(control, 'jet_pt')]).not.toEqual([...numbers(main, 'jet_pt')]);
  });

  it('are 40 % multijets, 40 % signal, 20 % beam background; half data in the control region', () => {
    const shares = (table: ColumnTable) => [0, 1, 2].map((label) => rowsOf(table, label).length / ROWS);
    const expected = (table: ColumnTable, wanted: number[]) =>
      shares(table).forEach((share, label) => expect(Math.abs(share - wanted[label])).toBeLessThan(0.03));
    expected(main, [0.4, 0.4, 0.2]);
    expected(control, [0.5, 0, 0.5]);
  });

  it('have low and high masses in signal and none elsewhere', () => {
    const masses = (label: number) => new Set(rowsOf(main, label).map((row) => numbers(main, 'llp_mH')[row]));
    expect([...masses(1)].map(Number).sort((a, b) => a - b)).toEqual([60, 125, 200, 400, 600, 1000]);
    expect([...masses(0), ...masses(2)]).toEqual([0, 0]);
  });

  it.each([0, 1, 2])('fill all three bins of scaled pT with label %d', (label) => {
    for (const table of label === 1 ? [main] : [main, control]) {
      const scaled = rowsOf(table, label).map((row) => Number(numbers(table, 'jet_pt')[row]));
      expect(scaled.every((pt) => pt >= 0.08 && pt <= 1)).toBe(true);
      const inBin = (low: number, high: number) =>
        scaled.filter((pt) => pt > low && pt < high).length / scaled.length;
      expect(Math.min(inBin(0, 0.25), inBin(0.25, 0.5), inBin(0.5, 1))).toBeGreaterThan(0.05);
    }
  });

  it('have 1 to 30 clusters and fall in pT, with zeros at the end only', () => {
    for (const kind of OBJECT_KINDS) {
      const found = counts(main, kind);
      for (let i = 0; i < kind.count; i++) {
        const features = kind.features.map((feature) => numbers(main, objectColumn(kind, feature, i)));
        const rows = found.flatMap((count, row) => (count <= i ? [row] : []));
        expect(features.every((values) => rows.every((row) => values[row] === 0))).toBe(true);
      }
    }
    expect(Math.min(...counts(main, clusters))).toBe(1);
    for (const kind of [clusters, tracks]) {
      for (let i = 1; i < kind.count; i++) {
        const [before, pt] = [i - 1, i].map((at) => numbers(main, objectColumn(kind, 'pt', at)));
        expect(pt.every((value, row) => value <= before[row])).toBe(true);
      }
    }
  });

  it('have layer energies that sum to 1 and the angles of `build`', () => {
    const layers = clusters.features.filter((feature) => feature.endsWith('cal'));
    expect(layers.length).toBe(8);
    const found = counts(main, clusters);
    for (let row = 0; row < 300; row++) {
      let moment = 0;
      for (let i = 0; i < found[row]; i++) {
        const of = (feature: string) => Number(numbers(main, objectColumn(clusters, feature, i))[row]);
        expect(layers.reduce((sum, layer) => sum + of(layer), 0)).toBeCloseTo(1, 5);
        moment += of('eta') * of('pt');
      }
      expect(moment).toBeGreaterThanOrEqual(-1e-7);
    }
    for (const angle of ['eta', 'phi']) {
      expect(numbers(main, `clus_${angle}_0`).every((value) => value === 0)).toBe(true);
      expect(numbers(main, `track_${angle}_0`).every((value) => Math.abs(Number(value)) < 0.4)).toBe(true);
    }
  });

  it('differ by class: multijets early with tracks, signal late without, beam background with segments', () => {
    const share = electromagneticShare(main);
    expect(mean(main, 0, share)).toBeGreaterThan(mean(main, 1, share) + 0.3);
    const [trackCounts, segmentCounts] = [counts(main, tracks), counts(main, segments)];
    const trackMeans = [0, 1, 2].map((label) => mean(main, label, (row) => trackCounts[row]));
    expect(trackMeans[0]).toBeGreaterThan(3 * Math.max(trackMeans[1], trackMeans[2]));
    const segmentMeans = [0, 1, 2].map((label) => mean(main, label, (row) => segmentCounts[row]));
    expect(segmentMeans[2]).toBeGreaterThan(2 * segmentMeans[1]);
    expect(segmentMeans[1]).toBeGreaterThan(2 * segmentMeans[0]);
    const time = (row: number) => Number(numbers(main, 'clus_time_0')[row]);
    expect(mean(main, 1, time)).toBeGreaterThan(mean(main, 0, time) + 1);
    expect(mean(main, 2, (row) => Math.abs(time(row)))).toBeGreaterThan(4);
    const phiDir = (row: number) => Math.abs(Number(numbers(main, 'MSeg_phiPos_0')[row]));
    expect(mean(main, 2, phiDir)).toBeLessThan(0.03);
  });

  it('differ between data and simulation in the control region, but not in pT', () => {
    const trackCounts = counts(control, tracks);
    const trackMeans = [0, 2].map((label) => mean(control, label, (row) => trackCounts[row]));
    expect(trackMeans[1]).toBeLessThan(0.9 * trackMeans[0]);
    const time = (row: number) => Number(numbers(control, 'clus_time_0')[row]);
    expect(mean(control, 2, time) - mean(control, 0, time)).toBeCloseTo(0.3, 1);
    const weight = (row: number) => Number(numbers(control, 'mcEventWeight')[row]);
    const low = (row: number) => (numbers(control, 'jet_pt')[row] < 0.25 ? weight(row) : 0);
    const lowShares = [0, 2].map((label) => mean(control, label, low) / mean(control, label, weight));
    expect(Math.abs(lowShares[0] - lowShares[1])).toBeLessThan(0.04);
  });
});

describe('text of toy jets', () => {
  it('keeps every float32', async () => {
    let text = '';
    const stream = await tableStream(toyJetBatches({ rows: 20, seed: 1, sample: 'main' }));
    for await (const part of csvText(stream)) text += part;
    const [header, ...rows] = text
      .trimEnd()
      .split('\n')
      .map((line) => line.split(','));
    expect(header).toEqual(TRAINING_COLUMNS);
    expect(rows.length).toBe(20);
    for (const name of ['label', 'jet_pt', 'clus_time_0', 'track_d0_0', 'mcEventWeight']) {
      const read = rows.map((row) => Number(row[header.indexOf(name)]));
      const values = numbers(main, name).slice(0, 20);
      const isFloat32 = values instanceof Float32Array;
      expect(isFloat32 ? read.map(Math.fround) : read).toEqual(Array.from(values, Number));
    }
  });
});
