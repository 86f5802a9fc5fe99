import { OnnxRunner } from '@hep/engine';
import { tf } from '@hep/graph';
import { eagerRunner } from '@hep/nn';
import { expectClose } from '@hep/test-support';
import { kerasQuantiser } from './keras.ts';
import { parseQuantiser, printQuantiser } from './notation.ts';
import { flat, goldenQuantisers, goldenTensors, isRefused, tryParse } from './testing/golden.ts';
import type { GoldenQuantiser, Rank } from './testing/golden.ts';

const onnx = new OnnxRunner();
afterAll(() => onnx.close());

const ranks: readonly Rank[] = ['1d', '2d', '4d'];
const usable = (rank: Rank) => goldenQuantisers(rank).filter(({ spec }) => !isRefused(spec));
const isDyadic = (spec: string) => !/"auto"|qnoise|real/.test(spec);

/** All quantisers of one rank in one function, so that one trace serves them all. */
function allOf(goldens: readonly GoldenQuantiser[]) {
  const quantisers = goldens.map(({ spec }) => parseQuantiser(spec));
  return ({ x, cotangent }: Record<string, tf.Tensor>) =>
    Object.fromEntries(
      quantisers.flatMap((quantiser, i) => {
        const weighed = (input: tf.Tensor) => tf.sum(tf.mul(quantiser.apply(input), cotangent));
        const scale = quantiser.scale(x);
        return [
          [`out/${i}`, quantiser.apply(x)],
          [`grad/${i}`, tf.grad(weighed)(x)],
          ...(scale === null ? [] : [[`scale/${i}`, scale] as const]),
        ] as const;
      }),
    );
}

describe.each([eagerRunner, onnx])('$name', (runner) => {
  it.each(ranks)('values, gradients and scales of QKeras on a %s tensor', async (rank) => {
    const goldens = usable(rank);
    const results = await runner.run(allOf(goldens), goldenTensors(rank));
    const failures: string[] = [];
    goldens.forEach(({ spec, out, grad, scale }, i) => {
      const check = (actual: Float32Array, expected: number[], limits: object, what: string) => {
        try {
          expectClose(actual, expected, limits, `${spec} ${what}`);
        } catch (error) {
          failures.push((error as Error).message);
        }
      };
      const limits = isDyadic(spec) ? {} : { absolute: 1e-6, relative: 1e-6 };
      check(results[`out/${i}`].values, flat(out), limits, 'out');
      check(results[`grad/${i}`].values, flat(grad), { absolute: 1e-6 }, 'grad');
      if (scale !== undefined && scale !== null) {
        check(results[`scale/${i}`].values, flat(scale), { relative: 1e-5 }, 'scale');
      }
    });
    expect(failures).toEqual([]);
  });
});

describe.each(ranks)('descriptions on %s', (rank) => {
  it.each(usable(rank))('$spec', ({ spec, max, min, config, str }) => {
    const quantiser = parseQuantiser(spec);
    expect([quantiser.maximum, Math.abs(quantiser.minimum)]).toEqual([max, Math.abs(min)]);
    const written = kerasQuantiser(quantiser.config).config;
    expect(mapValues(written, comparable)).toEqual(mapValues(config, comparable));
    const printed = printQuantiser(quantiser.config);
    expect(parseQuantiser(printed).config).toEqual(quantiser.config);
    const theirs = tryParse(str);
    const readsBack =
      typeof theirs !== 'string' && JSON.stringify(theirs.config) === JSON.stringify(quantiser.config);
    if (readsBack) expect(printed).toBe(str.replace(/\.0\b/, ''));
  });

  it('refuses what has no value but 0', () => {
    for (const { spec } of goldenQuantisers(rank).filter(({ spec }) => isRefused(spec))) {
      expect(tryParse(spec)).toMatch(/no value but 0/);
    }
  });
});

const mapValues = (values: Readonly<Record<string, unknown>>, change: (value: unknown) => unknown) =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, change(value)]));
const comparable = (value: unknown) => (typeof value === 'boolean' ? Number(value) : value);
