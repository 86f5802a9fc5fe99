import { readFileSync } from 'node:fs';
import { loadJetTable } from '@hep/calratio-jets';
import { calRatioNetwork } from '@hep/calratio-rnn';
import { initialise } from '@hep/nn';
import { describeWithFixture, expectClose, fixturePath } from '@hep/test-support';
import { controlSample, measureAdversary, measureClasses, Tagger, TaggerValidation } from './index.ts';
import type { JetScores, TrainingSample } from './index.ts';

/** A sample of which only what metrics read is there. */
function sampleOf(jets: { label: number; weight?: number; pt?: number }[]): TrainingSample {
  const column = (value: (jet: (typeof jets)[0]) => number) => Float64Array.from(jets, value);
  return {
    rows: jets.length,
    source: 'jets',
    inputs: { rows: jets.length, columns: {} as TrainingSample['inputs']['columns'] },
    labels: Uint8Array.from(jets, ({ label }) => label),
    weights: column(({ weight = 1 }) => weight),
    metricWeights: column(({ weight = 1 }) => weight),
    mH: column(() => 0),
    mS: column(() => 0),
    jetPt: Float32Array.from(jets, ({ pt = 0.1 }) => pt),
    events: null,
  };
}

const allRows = ({ rows }: TrainingSample) => Int32Array.from({ length: rows }, (_, row) => row);

describe('measures', () => {
  it('are those of the training: weighted cross-entropy over the number of jets, unweighted accuracy', () => {
    const sample = sampleOf([{ label: 0, weight: 2 }, { label: 1 }]);
    const scores = {
      probabilities: Float32Array.of(0.5, 0.25, 0.25, 0.5, 0.25, 0.25),
      dataLogits: new Float32Array(2),
    };
    const { loss, accuracy } = measureClasses(sample, allRows(sample), scores);
    expect(loss).toBeCloseTo((2 * Math.log(2) + Math.log(4)) / 2, 12);
    expect(accuracy).toBe(0.5);
  });

  it('do not overflow for an adversary that is sure', () => {
    const sample = sampleOf([{ label: 2 }, { label: 0 }, { label: 0, weight: 3 }]);
    const scores = { probabilities: new Float32Array(9), dataLogits: Float32Array.of(200, -200, 0) };
    const { loss, accuracy } = measureAdversary(sample, allRows(sample), scores);
    expect(loss).toBeCloseTo(Math.log(2), 12);
    expect(accuracy).toBe(1);
  });
});

describe('validation after an epoch', () => {
  const main = sampleOf([{ label: 0 }, { label: 1 }, { label: 2 }]);
  const control = sampleOf([
    ...[0, 0, 2, 2].map((label) => ({ label, pt: 0.1 })),
    ...[0, 2].map((label) => ({ label, pt: 0.3 })),
    { label: 0, pt: 0.9 },
  ]);
  const scores = (sample: TrainingSample): JetScores => ({
    probabilities: Float32Array.from({ length: 3 * sample.rows }, (_, i) =>
      i % 3 === 1 ? Math.floor(i / 3) / 10 : 0.3,
    ),
    dataLogits: new Float32Array(sample.rows),
  });
  const tagger = {
    scores: async (_: unknown, inputs: TrainingSample['inputs']) =>
      scores(inputs === main.inputs ? main : control),
  };
  const measured = (select: 'combined' | 'main-loss' | 'ks', rows = control.rows) =>
    new TaggerValidation({
      tagger,
      weightsOf: () => ({}),
      main: { sample: main, rows: allRows(main) },
      control: { sample: control, rows: allRows(control).subarray(0, rows) },
      furtherControlRows: allRows(control).subarray(rows),
      select,
      ksWeight: 0.5,
    }).measure({});

  it('leaves an empty pT bin out of the sums instead of ending the training', async () => {
    const logs = await measured('ks');
    expect(logs['val_ks_sig_lowPt']).toBe(1);
    expect(logs['val_ks_sig_midPt']).toBe(1);
    expect(logs['val_ks_sig_highPt']).toBeNaN();
    expect(logs['val_ks_sig']).toBe(2);
    expect(logs['val_ks_qcd']).toBe(0);
    expect(logs['val_selection']).toBe(logs['val_ks']);
  });

  it('selects by the training part of the control region, too', async () => {
    const [some, all] = [await measured('ks', 4), await measured('ks')];
    expect(some['val_ks_sig_midPt']).toBeNaN();
    expect(some['val_ks']).toBe(1);
    expect(some['control_ks']).toBe(all['val_ks']);
    expect(some['val_selection']).toBe(some['control_ks']);
  });

  it('chooses by classes and agreement together, or by one of them', async () => {
    const [combined, mainLoss] = [await measured('combined'), await measured('main-loss')];
    expect(combined['val_selection']).toBeCloseTo(
      combined['val_mainLoss'] + 0.5 * combined['control_ks'],
      12,
    );
    expect(mainLoss['val_selection']).toBe(mainLoss['val_mainLoss']);
  });
});

describeWithFixture(
  ['calratio', 'tests_data', 'felix_control_region.pkl'],
  'trained model of the reference',
  () => {
    type Stored = Record<string, { readonly shape: number[]; readonly data: number[] }>;
    const read = <T>(file: string) => JSON.parse(readFileSync(fixturePath('calratio', file), 'utf8')) as T;

    it('gives its scores to the jets of a file', async () => {
      const path = fixturePath('calratio', 'tests_data', 'felix_control_region.pkl');
      const { table } = await loadJetTable([path], { sample: 'control' });
      const sample = controlSample({ table, source: path }, { massParameters: [], seed: 1 });
      const network = calRatioNetwork();
      const stored = Object.entries(read<Stored>('final_model_weights_1.json')).map(
        ([name, { shape, data }]) =>
          [
            name.replace(/:0$/, '').replace('/lstm_cell/', '/'),
            { shape, values: Float32Array.from((data as unknown[]).flat(3) as number[]) },
          ] as const,
      );
      const weights = { ...initialise(network.original.parameterSpecs, 1), ...Object.fromEntries(stored) };
      const { output } = read<{ output: number[][] }>('final_model_io_felix_control_region.json');
      const rows = Int32Array.from(output, (_, row) => row);
      const tagger = await Tagger.create(network);
      try {
        const { probabilities } = await tagger.scores(weights, sample.inputs, rows);
        expectClose(probabilities, output.flat(), { absolute: 2e-5 });
      } finally {
        await tagger.close();
      }
    });
  },
);
