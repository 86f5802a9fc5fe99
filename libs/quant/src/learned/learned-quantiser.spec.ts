import { OnnxRunner } from '@hep/engine';
import { tf } from '@hep/graph';
import { Context, eagerRunner, initialise, inference, toParameters } from '@hep/nn';
import type { Parameters, Shape } from '@hep/nn';
import { expectClose } from '@hep/test-support';
import fc from 'fast-check';
import { learnedQuantiser } from './learned-quantiser.ts';
import type { LearnedQuantiser } from './learned-quantiser.ts';
import { learnedDefaults } from './learned-settings.ts';
import type { LearnedSettings } from './learned-settings.ts';

const onnx = new OnnxRunner();
afterAll(() => onnx.close());
beforeAll(() => tf.setBackend('cpu'));

const { kernel, bias, activation } = learnedDefaults;
const within = <T extends LearnedSettings>(
  settings: T,
  change: Partial<LearnedSettings>,
): LearnedSettings => ({
  ...settings,
  ...change,
});

/** Parameters as they start. */
function started(quantiser: LearnedQuantiser, shape: Shape): Parameters {
  const specs = quantiser.parameters(shape);
  return toParameters(specs, initialise(specs, 1));
}

const numbersOf = (tensor: tf.Tensor) => [...tensor.dataSync()].map((value) => value + 0);

describe('parameters', () => {
  it.each([
    ['element', [3, 4]],
    ['channel', [1, 4]],
    ['tensor', [1, 1]],
  ] as const)('have one number for each %s', (granularity, shape) => {
    const specs = learnedQuantiser('kernel', within(kernel, { granularity })).parameters([3, 4]);
    expect(specs.map(({ name }) => name)).toEqual(['kernel_integer', 'kernel_bits']);
    for (const spec of specs) expect(spec).toMatchObject({ shape, trainable: true });
  });

  it('start and stay within their bounds; tracked ones are not trained', () => {
    const [integer, fraction] = learnedQuantiser('input', activation).parameters([2]);
    expect(integer).toMatchObject({ name: 'input_integer', trainable: false });
    expect(integer.regulariser).toBeUndefined();
    expect(fraction).toMatchObject({ name: 'input_fraction', trainable: true });
    expect(numbersOf(fraction.constraint!.project(tf.tensor1d([-30, 30])))).toEqual([-24, 24]);
    expect([...fraction.initialiser.values([2], undefined as never)]).toEqual([6, 6]);
    expect(numbersOf(fraction.regulariser!.penalty(tf.tensor1d([2, -5])))[0]).toBeCloseTo(-3e-8);
  });
});

describe('bit widths', () => {
  it('count the sign under SAT only', () => {
    const bits = (change: Partial<LearnedSettings>) => {
      const quantiser = learnedQuantiser('kernel', within(kernel, { granularity: 'tensor', ...change }));
      return numbersOf(quantiser.widths(started(quantiser, [1])).bits)[0];
    };
    expect(bits({})).toBe(8);
    expect(bits({ overflow: 'WRAP' })).toBe(8);
    expect(bits({ overflow: 'SAT' })).toBe(9);
    expect(bits({ overflow: 'SAT', keepNegative: false })).toBe(8);
    expect(bits({ learned: activation.learned })).toBe(8);
    const negative = { ...activation.learned, initial: -3 };
    expect(bits({ learned: negative })).toBe(0);
  });

  it('round half to even, with the gradient of the identity', () => {
    const quantiser = learnedQuantiser('kernel', within(kernel, { granularity: 'tensor' }));
    const bitsOf = (raw: number) =>
      numbersOf(quantiser.widths({ kernel_integer: tf.scalar(0), kernel_bits: tf.scalar(raw) }).bits)[0];
    expect([2.5, 3.5, 2.6].map(bitsOf)).toEqual([2, 4, 3]);
    const slope = tf.grad((raw) => quantiser.widths({ kernel_integer: tf.scalar(0), kernel_bits: raw }).bits);
    expect(numbersOf(slope(tf.scalar(2.3)))).toEqual([1]);
  });

  it('bits and integer bits share the gradient of the fraction', () => {
    const quantiser = learnedQuantiser('kernel', kernel);
    const apply = (integer: tf.Tensor, bits: tf.Tensor) =>
      tf.sum(
        quantiser.apply(
          { kernel_integer: integer, kernel_bits: bits },
          tf.tensor1d([0.3, 9]),
          new Context(true),
        ),
      );
    const [integer, bits] = tf
      .grads(apply)([tf.tensor1d([0, 0]), tf.tensor1d([2, 2])])
      .map((gradient) => [...gradient.dataSync()]);
    const lost = Math.LN2 * (0.3 - 0.25);
    expectClose(bits, [lost, Math.LN2 / 4], { absolute: 1e-6 });
    expectClose(integer, [-lost, Math.LN2 - Math.LN2 / 4], { absolute: 1e-6 });
  });
});

describe('numbers', () => {
  it('without bits are 0, in training as after it', () => {
    const none = { ...kernel.learned, initial: 0 };
    for (const settings of [within(kernel, { learned: none }), within(bias, { learned: none })]) {
      const quantiser = learnedQuantiser('kernel', settings);
      const x = tf.tensor1d([-3, 0.2, 0.7]);
      for (const context of [new Context(true), inference()]) {
        expect(numbersOf(quantiser.apply(started(quantiser, [3]), x, context))).toEqual([0, 0, 0]);
      }
    }
  });
});

describe('tracking', () => {
  /** Integer bits after one step on these numbers. */
  const tracked = (settings: LearnedSettings, before: number, values: number[], learnt: number) => {
    const quantiser = learnedQuantiser('input', within(settings, { granularity: 'tensor' }));
    const parameters = {
      input_integer: tf.scalar(before),
      [`input_${settings.learned.kind}`]: tf.scalar(learnt),
    };
    const context = new Context(true);
    quantiser.apply(parameters, tf.tensor1d(values), context);
    return numbersOf(context.updates.get('input_integer')!)[0];
  };

  it('finds the fewest bits that hold what was rounded', () => {
    fc.assert(
      fc.property(
        fc.array(fc.float({ min: -50, max: 50, noNaN: true }), { minLength: 1, maxLength: 5 }),
        fc.integer({ min: -2, max: 8 }),
        (values, fraction) => {
          const integer = tracked(activation, -23, values, fraction);
          const largest =
            Math.max(...values.map((x) => Math.abs(Math.floor(Math.fround(x) * 2 ** fraction + 0.5)))) /
            2 ** fraction;
          const fits = (i: number) => largest <= 2 ** i - 2 ** -fraction;
          expect(fits(integer)).toBe(true);
          expect(largest === 0 ? integer === -fraction : !fits(integer - 1)).toBe(true);
        },
      ),
    );
  });

  it('falls by the decay only, and not below the need', () => {
    expect(tracked(activation, 3, [0.4], 2)).toBeCloseTo(2.99);
    expect(tracked(activation, 0.995, [1.6], 2)).toBe(1);
    expect(tracked(activation, 3, [1e9], 2)).toBe(23);
  });

  it('of a number of bits puts them where they hold the number', () => {
    expect(tracked(bias, 0, [0.3], 4)).toBe(-1);
    expect(tracked(bias, 0, [0.49], 2)).toBe(0);
    expect(tracked(bias, 0, [0.3], 0)).toBe(23);
  });

  it('counts every use of a layer in one step', () => {
    const quantiser = learnedQuantiser('input', within(activation, { granularity: 'tensor' }));
    const context = new Context(true);
    const parameters = { input_integer: tf.scalar(0), input_fraction: tf.scalar(2) };
    quantiser.apply(parameters, tf.tensor1d([5]), context);
    quantiser.apply(parameters, tf.tensor1d([0.1]), context);
    expect(numbersOf(context.updates.get('input_integer')!)[0]).toBeCloseTo(2.99);
  });
});

it.each([eagerRunner, onnx])(
  'training and inference are the same traced as eagerly, $name',
  async (runner) => {
    const quantisers = [
      learnedQuantiser('kernel', kernel),
      learnedQuantiser('bias', bias),
      learnedQuantiser('input', activation),
    ];
    const run = ({ x }: Record<string, tf.Tensor>) => {
      const results: Record<string, tf.Tensor> = {};
      for (const quantiser of quantisers) {
        const parameters = started(quantiser, [3]);
        const context = new Context(true);
        const [secondName] = Object.keys(parameters).slice(-1);
        const loss = (input: tf.Tensor, second: tf.Tensor) =>
          tf.sum(tf.square(quantiser.apply({ ...parameters, [secondName]: second }, input, context)));
        const [gradX, gradSecond] = tf.grads(loss)([x, parameters[secondName]]);
        Object.assign(results, { [`${quantiser.name}/x`]: gradX, [`${quantiser.name}/second`]: gradSecond });
        results[`${quantiser.name}/after`] = quantiser.apply(parameters, x, inference());
      }
      return results;
    };
    const x = { shape: [2, 3], values: [0.3, -7.1, 2 ** -7, 0.51, 0.0078, 4] };
    const [expected, actual] = [await eagerRunner.run(run, { x }), await runner.run(run, { x })];
    for (const [name, { values }] of Object.entries(expected))
      expectClose(actual[name].values, values, { relative: 1e-6 }, name);
  },
);

describe('settings that no format has', () => {
  const range = { initial: 1, minimum: 0, maximum: 4 };
  it.each([
    [
      { learned: { ...range, kind: 'bits', minimum: -1 } },
      'kernel bits: bounds are -1 and 4, expected two numbers in order from 0 to 32',
    ],
    [
      { integer: { ...range, maximum: 40 } },
      'kernel integer bits: bounds are 0 and 40, expected two numbers in order from -32 to 32',
    ],
    [{ integer: { ...range, initial: 5 } }, 'kernel integer bits: start is 5, expected a number from 0 to 4'],
    [
      { integer: { ...range, initial: NaN } },
      'kernel integer bits: start is NaN, expected a number from 0 to 4',
    ],
    [{ regularisation: -1 }, 'kernel: regularisation is -1, expected a number of at least 0'],
    [{ learningRateFactor: 0 }, 'kernel: learning rate factor is 0, expected a positive number'],
    [{ decay: NaN }, 'kernel: decay is NaN, expected a number of bits of at least 0'],
  ] as [Partial<LearnedSettings>, string][])('%j are told in one line', (change, message) => {
    expect(() => learnedQuantiser('kernel', within(kernel, change))).toThrow(
      expect.objectContaining({ name: 'UserError', message }) as Error,
    );
  });
});
