import { generateToyJets } from '@hep/calratio-jets';
import { createGenerator } from '@hep/datasets';
import type { ColumnTable } from '@hep/datasets/columns';
import {
  controlSample,
  emptyPtBins,
  LABEL,
  mainSample,
  MASS_CATEGORIES,
  rowsOfCategory,
  splitSamples,
  trainingDataset,
} from './index.ts';

const ROWS = 400;
const toy = (sample: 'main' | 'control'): ColumnTable => generateToyJets({ rows: ROWS, seed: 3, sample });
const named = (table: ColumnTable) => ({ table, source: 'toy' });
const plain = { massParameters: [], seed: 1 };
const main = mainSample(named(toy('main')), plain);
const control = controlSample(named(toy('control')), plain);

/** The table with a column set to a function of the row. */
function withColumn(table: ColumnTable, name: string, value: (row: number) => number): ColumnTable {
  const values = Float64Array.from({ length: table.rows }, (_, row) => value(row));
  return { rows: table.rows, columns: new Map([...table.columns, [name, { kind: 'flat', values }]]) };
}

const sumOf = (labels: Uint8Array, weights: Float64Array, label: number) =>
  weights.reduce((sum, weight, row) => sum + (labels[row] === label ? weight : 0), 0);

describe('samples of a training', () => {
  it('weigh losses as the files say, metrics with simulation scaled to signal', () => {
    const table = withColumn(toy('main'), 'mcEventWeight', (row) => 1 + (row % 3));
    const { labels, weights, metricWeights } = mainSample(named(table), plain);
    expect([...weights.slice(0, 4)]).toEqual([1, 2, 3, 1]);
    expect(sumOf(labels, metricWeights, LABEL.qcd)).toBeCloseTo(sumOf(labels, weights, LABEL.signal), 8);
    expect(sumOf(labels, metricWeights, LABEL.data)).toBe(sumOf(labels, weights, LABEL.data));
  });

  it('weigh simulation as data in the control region', () => {
    const table = withColumn(toy('control'), 'mcEventWeight', (row) => 1 + (row % 3));
    const { labels, weights } = controlSample(named(table), plain);
    expect(sumOf(labels, weights, LABEL.qcd)).toBeCloseTo(sumOf(labels, weights, LABEL.data), 8);
  });

  it.each([
    ['simulation (label 0)', 2],
    ['data (label 2)', 0],
  ])('need %s in the control region', (what, only) => {
    const table = withColumn(toy('control'), 'label', () => only);
    expect(() => controlSample(named(table), plain)).toThrow(
      `toy: the control region has no ${what}, which the adversary needs to compare; give a file with both`,
    );
  });

  it('tell masses to the network, none of them in the control region', () => {
    const telling = { massParameters: ['llp_mH', 'llp_mS'], seed: 1 } as const;
    const told = mainSample(named(toy('main')), telling);
    const jet = (sample: typeof told, row: number) => [
      ...sample.inputs.columns.jet.values.subarray(5 * row, 5 * row + 5),
    ];
    const signal = told.labels.indexOf(LABEL.signal);
    expect(jet(told, signal).slice(3)).toEqual(
      [told.mH[signal], told.mS[signal]].map((mass) => Math.fround(mass / 1000)),
    );
    const background = told.labels.indexOf(LABEL.qcd);
    expect(told.mH[background]).toBe(0);
    expect(jet(told, background)[3]).toBeGreaterThan(0);
    expect(jet(controlSample(named(toy('control')), telling), 0).slice(3)).toEqual([0, 0]);
  });

  it('know in which pT bins data and simulation cannot be compared', () => {
    const rows = Int32Array.from({ length: ROWS }, (_, row) => row);
    expect(emptyPtBins(control, rows)).toEqual([]);
    const soft = { ...control, jetPt: control.jetPt.map((pt) => Math.min(pt, 0.4)) };
    expect(emptyPtBins(soft, rows)).toEqual(['high pT']);
    expect(emptyPtBins(control, rows.slice(0, 0))).toEqual(['low pT', 'middle pT', 'high pT']);
  });
});

describe('training for one category of masses', () => {
  const rows = Int32Array.from({ length: ROWS }, (_, row) => row);

  it.each(['low', 'high'] as const)(
    'has as many jets of each class, signal of %s masses alone',
    (category) => {
      const chosen = rowsOfCategory(main, rows, category, createGenerator(1), 'training');
      const counts = [0, 1, 2].map((label) => chosen.filter((row) => main.labels[row] === label).length);
      expect(new Set(counts).size).toBe(1);
      expect(new Set(chosen).size).toBe(chosen.length);
      const masses: readonly number[] = MASS_CATEGORIES[category];
      for (const row of chosen) {
        if (main.labels[row] === LABEL.signal) expect(masses).toContain(main.mH[row]);
      }
    },
  );

  it('needs such signal', () => {
    const other = { ...main, mH: main.mH.fill.call(Float64Array.from(main.mH), 300) as Float64Array };
    expect(() => rowsOfCategory(other, rows, 'low', createGenerator(1), 'training')).toThrow(
      'toy: no signal with mH of 60, 125, 200 GeV in the training part',
    );
  });

  it('keeps labels, weights and inputs of a jet together in what the engine reads', () => {
    const marked = mainSample(
      named(
        withColumn(
          withColumn(toy('main'), 'mcEventWeight', (row) => row + 1),
          'jet_phi',
          (row) => row,
        ),
      ),
      plain,
    );
    const data = splitSamples(marked, control, { fraction: 0.7, seed: 5, category: 'high' });
    const picks = new Int32Array(data.main.split.train.length);
    const { rows: count, columns } = trainingDataset(data, picks);
    expect(count).toBe(data.main.split.train.length);
    for (let i = 0; i < count; i++) {
      const valueOf = (name: string, offset = 0) => {
        const { values, rowShape, picks: rowOf } = columns[name];
        return values[rowOf![i] * rowShape.reduce((product, dim) => product * dim, 1) + offset];
      };
      const row = valueOf('main/jet', 2);
      expect(valueOf('main/weight')).toBe(row + 1);
      expect(valueOf('main/label', marked.labels[row])).toBe(1);
    }
  });
});
