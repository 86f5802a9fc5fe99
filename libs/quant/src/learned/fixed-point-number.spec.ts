import { OnnxRunner } from '@hep/engine';
import { tf } from '@hep/graph';
import { eagerRunner } from '@hep/nn';
import { expectClose, goldenJson } from '@hep/test-support';
import fc from 'fast-check';
import { fixedPointNumber, overflows, signCounts } from './fixed-point-number.ts';
import type { NumberFormat } from './fixed-point-number.ts';
import { roundings } from './rounding.ts';
import type { Rounding } from './rounding.ts';

const onnx = new OnnxRunner();
afterAll(() => onnx.close());

interface GoldenFormat extends NumberFormat {
  readonly training: boolean;
  readonly out: readonly number[];
  readonly gradX: readonly number[];
  readonly gradInteger: readonly number[];
  readonly gradFraction: readonly number[];
}

interface Golden {
  readonly x: readonly number[];
  readonly integer: readonly number[];
  readonly fraction: readonly number[];
  readonly entries: readonly GoldenFormat[];
}

/** Values of many formats and the gradients of their sums, in one function. */
function allOf(formats: readonly (NumberFormat & { readonly training: boolean })[]) {
  return ({ x, integer, fraction }: Record<string, tf.Tensor>) =>
    Object.fromEntries(
      formats.flatMap((format, entry) => {
        const value = (...[a, b, c]: tf.Tensor[]) =>
          fixedPointNumber(a, { integer: b, fraction: c }, format, format.training);
        const gradients = tf.grads((...operands: tf.Tensor[]) => tf.sum(value(...operands)));
        const [gradX, gradInteger, gradFraction] = gradients([x, integer, fraction]);
        const results = { out: value(x, integer, fraction), gradX, gradInteger, gradFraction };
        return Object.entries(results).map(([name, tensor]) => [`${name}/${entry}`, tensor] as const);
      }),
    );
}

const vector = (values: readonly number[]) => ({ shape: [values.length], values });

describe.each([eagerRunner, onnx])('golden numbers, $name', (runner) => {
  it('agree in values and in the gradients in number and bits', async () => {
    const { x, integer, fraction, entries } = goldenJson<Golden>('quantised', 'fixed_point.json');
    const inputs = { x: vector(x), integer: vector(integer), fraction: vector(fraction) };
    const results = await runner.run(allOf(entries), inputs);
    entries.forEach((entry, index) => {
      const { rounding, overflow, keepNegative, training } = entry;
      // Without bits the reference leaves a sign, or leaves the zero to its layers.
      const counts = (i: number) => training || integer[i] + fraction[i] > 0;
      for (const key of ['out', 'gradX', 'gradInteger', 'gradFraction'] as const) {
        const chosen = (values: ArrayLike<number>) => Array.from(values).filter((_, i) => counts(i));
        const limits = key === 'out' || key === 'gradX' ? {} : { absolute: 2e-6, relative: 2e-6 };
        const what = `${rounding} ${overflow} ${keepNegative} ${training} ${key}`;
        expectClose(chosen(results[`${key}/${index}`].values), chosen(entry[key]), limits, what);
      }
    });
  });

  it('agree with the table of the specification', async () => {
    const x = [0.3, -0.3, 1.7, 0.375, -1.9];
    const format = { rounding: 'RND', keepNegative: true, training: true } as const;
    const formats = [
      { ...format, overflow: 'SAT' },
      { ...format, overflow: 'SAT_SYM' },
    ] as const;
    const inputs = { x: vector(x), integer: vector([0, 0, 0, 0, 0]), fraction: vector([2, 2, 2, 2, 2]) };
    const results = await runner.run(allOf(formats), inputs);
    const limits = { absolute: 1e-7 };
    expect([...results['out/0'].values]).toEqual([0.25, -0.25, 0.75, 0.5, -1]);
    expect([...results['out/1'].values]).toEqual([0.25, -0.25, 0.75, 0.5, -0.75]);
    const fraction = [0.0346574, -0.0346574, 0.1732868, -0.0866434];
    expectClose(results['gradFraction/0'].values, [...fraction, 0], limits);
    expectClose(results['gradFraction/1'].values, [...fraction, -0.1732868], limits);
    expectClose(results['gradInteger/0'].values, [0, 0, 0.6931472, 0, -0.6931472], limits);
  });

  it('share bits over axes, whose gradients add up', async () => {
    const format = { rounding: 'RND', overflow: 'SAT', keepNegative: true, training: true } as const;
    const x = { shape: [2, 3], values: [0.3, 5, -0.1, -0.3, 7, 0.1] };
    const shared = {
      integer: { shape: [1, 3], values: [0, 1, 2] },
      fraction: { shape: [3], values: [2, 1, 0] },
    };
    const results = await runner.run(allOf([format]), { x, ...shared });
    expectClose(results['out/0'].values, [0.25, 1.5, 0, -0.25, 1.5, 0], {});
    expect(results['gradInteger/0'].shape).toEqual([1, 3]);
    expectClose(results['gradInteger/0'].values, [0, 4 * Math.LN2, 0], { absolute: 1e-6 });
    expectClose(results['gradFraction/0'].values, [0, Math.LN2, 0], { absolute: 1e-6 });
  });
});

const anyFormat: fc.Arbitrary<NumberFormat> = fc.record({
  rounding: fc.constantFrom(...(Object.keys(roundings) as Rounding[])),
  overflow: fc.constantFrom(...overflows),
  keepNegative: fc.boolean(),
});
const anyBits = fc.record({
  integer: fc.integer({ min: -3, max: 5 }),
  fraction: fc.integer({ min: -3, max: 8 }),
});
const anyNumbers = fc.array(fc.float({ min: -20, max: 20, noNaN: true }), { minLength: 1, maxLength: 12 });

type Bits = Record<'integer' | 'fraction', number>;

function quantise(
  values: ArrayLike<number>,
  { integer, fraction }: Bits,
  format: NumberFormat,
  training: boolean,
) {
  return tf.tidy(() => {
    const bits = { integer: tf.scalar(integer), fraction: tf.scalar(fraction) };
    const x = tf.tensor1d(Float32Array.from(values));
    // The sign of a zero does not count.
    return fixedPointNumber(x, bits, format, training)
      .dataSync<'float32'>()
      .map((value) => value + 0);
  });
}

describe('fixed-point numbers', () => {
  beforeAll(() => tf.setBackend('cpu'));

  it('stay as they are once they are on the grid, in training and after it', () => {
    fc.assert(
      fc.property(anyFormat, anyBits, anyNumbers, fc.boolean(), (format, bits, values, training) => {
        const once = quantise(values, bits, format, training);
        expect(quantise(once, bits, format, training)).toEqual(once);
      }),
    );
  });

  it('are multiples of the step within the range after training', () => {
    fc.assert(
      fc.property(anyFormat, anyBits, anyNumbers, (format, bits, values) => {
        const size = 2 ** Math.max(bits.integer, -bits.fraction);
        const lowest = format.keepNegative ? -size : 0;
        for (const value of quantise(values, bits, format, false)) {
          expect(Number.isInteger(value * 2 ** bits.fraction)).toBe(true);
          expect(value >= lowest && value < size).toBe(true);
        }
      }),
    );
  });

  it('are 0 without bits', () => {
    fc.assert(
      fc.property(anyFormat, fc.integer({ min: -3, max: 5 }), anyNumbers, (format, integer, values) => {
        const bits = { integer, fraction: -integer - Number(signCounts(format)) };
        expect(quantise(values, bits, format, false).every((value) => value === 0)).toBe(true);
      }),
    );
  });

  it('have the slope of a central difference where the bits are real numbers and nothing rounds', () => {
    const anyReal = fc.record({
      integer: fc.double({ min: -1, max: 2, noNaN: true }),
      fraction: fc.double({ min: 1, max: 3, noNaN: true }),
    });
    const saturating = anyFormat.filter(({ overflow }) => overflow !== 'WRAP');
    fc.assert(
      fc.property(saturating, anyReal, fc.constantFrom(-30, 30), (format, { integer, fraction }, x) => {
        const bound = (i: number, f: number) => {
          const largest = 2 ** i - 2 ** -f;
          if (x > 0) return largest;
          return format.keepNegative ? -(format.overflow === 'SAT' ? 2 ** i : largest) : 0;
        };
        const difference = (di: number, df: number) =>
          (bound(integer + di, fraction + df) - bound(integer - di, fraction - df)) / 2e-4;
        const [gradX, gradInteger, gradFraction] = tf.tidy(() =>
          tf
            .grads((a, b, c) => tf.sum(fixedPointNumber(a, { integer: b, fraction: c }, format, true)))([
              tf.scalar(x),
              tf.scalar(integer),
              tf.scalar(fraction),
            ])
            .map((gradient) => gradient.dataSync()[0]),
        );
        expect(gradX).toBe(0);
        expectClose([gradInteger, gradFraction], [difference(1e-4, 0), difference(0, 1e-4)], {
          absolute: 1e-4,
          relative: 1e-4,
        });
      }),
    );
  });
});
