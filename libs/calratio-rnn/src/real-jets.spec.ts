/**
 * The reference's training on real jets, step by step: two epochs of two mini-batches. Losses agree to 3e-6 in the first
 * three mini-batches and to 1e-4 in the last: where a gradient is near Nadam's epsilon, its update amplifies rounding.
 */
import { readFileSync } from 'node:fs';
import { OnnxRunner } from '@hep/engine';
import type { HostTensor, Model, RunnerInput } from '@hep/nn';
import { describeWithFixture, expectClose, fixturePath } from '@hep/test-support';
import { adversarialStep, calRatioNetwork, fittedRows, JET_INPUTS, splitRows } from './index.ts';
import { withPrefix } from './players.ts';
import { npzArrays } from './testing/npz-arrays.ts';
import { pathOf, runStep, stepFunction } from './testing/golden-calratio.ts';
import { perVariableNadam } from './testing/per-variable-nadam.ts';

interface Sequence {
  readonly log: readonly { readonly discriminator: number[][]; readonly original: number[] }[];
  readonly num_splits: number;
  readonly epochs: number;
  readonly adversary_weight: number;
}

describeWithFixture(['calratio', 'train_steps_fixture.npz'], 'training of the reference on real jets', () => {
  const runner = new OnnxRunner();
  afterAll(() => runner.close());

  it('has the same losses in every step and ends with the same weights', async () => {
    const path = fixturePath('calratio', 'train_steps_fixture.npz');
    const arrays = npzArrays(path);
    const array = (name: string) => arrays[name];
    const weights = (when: 'init' | 'final') =>
      Object.fromEntries(
        Object.keys(arrays)
          .filter((name) => name.startsWith(`${when}__`))
          .map((name) => [pathOf(name.slice(when.length + 2).replaceAll('.', '/')), array(name)]),
      );
    const rowsOf = (
      { shape, values }: HostTensor,
      rows: Int32Array,
      rowShape = shape.slice(1),
    ): RunnerInput => {
      const width = values.length / shape[0];
      const picked = [...rows].flatMap((row) => [...values.subarray(row * width, (row + 1) * width)]);
      return { shape: [rows.length, ...rowShape], values: picked };
    };
    const jets = (sample: 'x' | 'xa', rows: Int32Array) =>
      Object.fromEntries(JET_INPUTS.map((name, i) => [name, rowsOf(array(`${sample}_${i}`), rows)]));
    const {
      log,
      num_splits: splits,
      epochs,
      adversary_weight: adversaryWeight,
    } = JSON.parse(readFileSync(path.replace('.npz', '.json'), 'utf8')) as Sequence;

    const network = calRatioNetwork({ dropout: 0 });
    const order = Object.keys(weights('init'));
    const optimiser = ({ parameterSpecs }: Model) => {
      const specs = parameterSpecs.filter((spec) => spec.trainable);
      return perVariableNadam(
        specs,
        order.filter((name) => specs.some((spec) => spec.name === name)),
      );
    };
    const step = adversarialStep(network, {
      adversaryWeight,
      mainOptimiser: optimiser(network.mainLogits),
      adversaryOptimiser: optimiser(network.adversaryLogit),
    });
    const [discriminate, tag] = [stepFunction(step.discriminator), stepFunction(step.main)];
    const [mainRows, controlRows] = [array('y').shape[0], array('ya').shape[0]];
    const fitted = fittedRows(controlRows, mainRows);
    const piece = (rows: number, batch: number) => {
      const { first, end } = splitRows(rows, splits)[batch];
      return Int32Array.from({ length: end - first }, (_, i) => first + i);
    };
    const control = (rows: Int32Array) => ({
      ...jets('xa', rows),
      isData: rowsOf(array('ya'), rows, [1]),
      weight: rowsOf(array('wa'), rows),
    });

    let state = step.initialState(weights('init'));
    for (const [i, expected] of log.entries()) {
      const batch = i % splits;
      for (const [k, [loss, accuracy]] of expected.discriminator.entries()) {
        const sample = control(piece(controlRows, batch));
        const result = await runStep(runner, discriminate, state, sample, 2 * i + k + 1);
        expectClose(
          [result.outputs['discriminatorLoss']],
          [loss],
          { relative: i < 3 ? 1e-5 : 3e-4 },
          `discriminator ${i} ${k}`,
        );
        expectClose([result.outputs['discriminatorAccuracy']], [accuracy], { absolute: 1e-6 });
        state = result.state;
      }
      const rows = piece(mainRows, batch);
      const main = { ...jets('x', rows), label: rowsOf(array('y'), rows), weight: rowsOf(array('w'), rows) };
      const inputs = {
        ...withPrefix('main', main),
        ...withPrefix('control', control(rows.map((row) => fitted[row]))),
      };
      const { state: next, outputs } = await runStep(runner, tag, state, inputs, i + 1);
      const [loss, mainLoss, adversaryLoss, mainAccuracy, , , adversaryAccuracy] = expected.original;
      expectClose(
        ['loss', 'mainLoss', 'adversaryLoss'].map((name) => outputs[name]),
        [loss, mainLoss, adversaryLoss],
        { relative: i < 3 ? 1e-5 : 3e-4 },
        `losses of mini-batch ${i}`,
      );
      expectClose(
        [outputs['mainAccuracy'], outputs['adversaryAccuracy']],
        [mainAccuracy, adversaryAccuracy],
        { absolute: 1e-6 },
        `accuracies of mini-batch ${i}`,
      );
      state = next;
    }
    expect(log).toHaveLength(splits * epochs);
    const [initial, expected, final] = [weights('init'), weights('final'), step.weightsOf(state)];
    expect(new Set(Object.keys(final))).toEqual(new Set(Object.keys(expected)));
    const squares = (a: typeof expected, b: typeof expected) =>
      Object.keys(expected).reduce(
        (sum, name) => a[name].values.reduce((own, x, i) => own + (x - b[name].values[i]) ** 2, sum),
        0,
      );
    expect(Math.sqrt(squares(final, expected) / squares(initial, expected))).toBeLessThan(0.03);
  }, 60_000);
});
