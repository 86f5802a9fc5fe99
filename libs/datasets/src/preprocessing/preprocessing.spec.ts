import fc from 'fast-check';
import { expectClose, goldenJson, goldenNpy } from '@hep/test-support';
import type { WaferData } from '../index.ts';
import {
  inverseFrequency,
  leadingPowerOfTwo,
  normalise,
  occupancy,
  restore,
  sampleWeights,
  splitFirst,
  splitShuffled,
  toMipT,
} from '../index.ts';

const golden = (name: string) => Float64Array.from(goldenNpy('preprocessing', `${name}.npy`).values);

const input = golden('norm_in');
const exact = { relative: 1e-15 };

describe('normalise', () => {
  it.each([
    ['power-of-two', 'norm_sumlog2', 'powers'],
    ['maximum', 'norm_max', 'maxima'],
    ['sum', 'norm_sum', 'sums'],
  ] as const)('by %s as the reference', (method, file, scale) => {
    const result = normalise(input, method);
    expectClose(result.fractions, golden(`${file}_data`), exact);
    expectClose(result[scale], golden(file === 'norm_max' ? 'norm_max_max' : `${file}_sum`), exact);
    expectClose(result.maxima, golden(`${file}_max`), exact);
  });

  it('gives the reference scales in MIP_T', () => {
    const { powers, maxima } = normalise(input, 'power-of-two');
    expectClose(toMipT(powers), golden('sumdata_mip'), exact);
    expectClose(toMipT(maxima), golden('maxdata_mip'), exact);
  });

  it('is exact in float32 for whole counts', () => {
    const single = normalise(Float32Array.from(input), 'power-of-two');
    expect([...single.fractions]).toEqual([...golden('norm_sumlog2_data')]);
  });

  it('sums to [1, 2) by the power of two', () => {
    const charges = fc.array(fc.integer({ min: 0, max: 2 ** 20 }), { minLength: 48, maxLength: 48 });
    fc.assert(
      fc.property(charges, (values) => {
        fc.pre(values.some((value) => value > 0));
        const sum = normalise(Float64Array.from(values), 'power-of-two').fractions.reduce((a, b) => a + b, 0);
        expect(sum).toBeGreaterThanOrEqual(1);
        expect(sum).toBeLessThan(2);
      }),
    );
  });
});

describe('leadingPowerOfTwo', () => {
  it('brackets every positive number', () => {
    fc.assert(
      fc.property(fc.double({ min: Number.MIN_VALUE, max: 1e300, noNaN: true }), (x) => {
        const power = leadingPowerOfTwo(x);
        expect(power <= x && x < 2 * power && Number.isInteger(Math.log2(power))).toBe(true);
      }),
      { numRuns: 1000 },
    );
    expect([0, 1, 2, 3, 1023.9999999999999, 1024, 2 ** 31, 2 ** 53 - 1, 0.48].map(leadingPowerOfTwo)).toEqual(
      [0, 1, 2, 2, 512, 1024, 2 ** 31, 2 ** 52, 0.25],
    );
  });
});

describe('restore', () => {
  const { powers, maxima, sums } = normalise(input, 'sum');
  const fractions = golden('unnorm_nozero_in');

  it('by the power of two as the reference', () => {
    expectClose(restore(fractions, toMipT(powers), 'power-of-two'), golden('unnorm_sumlog2_nozero'), {
      relative: 1e-14,
    });
  });

  it.each([
    ['maximum', 'unnorm_in', 'unnorm_max', toMipT(maxima)],
    ['sum', 'unnorm_nozero_in', 'unnorm_sum', toMipT(powers)],
  ] as const)('by %s as the reference', (method, source, file, scales) => {
    expectClose(restore(golden(source), scales, method), golden(file), { relative: 1e-14 });
  });

  it('an empty row changes no other row', () => {
    const withEmpty = golden('unnorm_in');
    const restored = restore(withEmpty, toMipT(powers), 'power-of-two');
    expect(restored.slice(12 * 48, 13 * 48).every((value) => value === 0)).toBe(true);
    const reference = golden('unnorm_sumlog2');
    expectClose(restored.subarray(0, 12 * 48), reference.subarray(0, 12 * 48), { relative: 1e-14 });
    const alone = restore(withEmpty.slice(13 * 48), toMipT(powers).slice(13), 'power-of-two');
    expect([...restored.subarray(13 * 48)]).toEqual([...alone]);
  });

  it('follows the worked examples', () => {
    expect(restore(new Float64Array(48).fill(0.5), [4], 'power-of-two')[0]).toBe(0.125);
    expect(restore(new Float64Array(48).fill(0.01), [64], 'power-of-two')[0]).toBeCloseTo(2.56, 12);
  });

  it('conserves energy by the sum', () => {
    const restored = restore(fractions, sums, 'sum');
    sums.forEach((sum, row) => {
      const total = restored.subarray(48 * row, 48 * row + 48).reduce((a, b) => a + b, 0);
      expect(Math.abs(total - sum)).toBeLessThanOrEqual(1e-12 * sum);
    });
  });

  it.each(['power-of-two', 'maximum', 'sum'] as const)('undoes normalise (%s)', (method) => {
    const { fractions: own } = normalise(input, method);
    const scales = { 'power-of-two': powers, maximum: maxima, sum: sums }[method];
    expectClose(restore(own, scales, method), input, { relative: 1e-14 });
  });
});

describe('occupancy and weights', () => {
  const data: WaferData = {
    rows: 40,
    charges: Float32Array.from(input),
    side: new Map([['tc_eta', Float64Array.from({ length: 40 }, (_, row) => (row % 2 ? -2 : 1.5))]]),
  };

  it('counts cells as the reference', () => {
    expect([...occupancy(input)]).toEqual([...golden('occ_1MT')]);
    expect([...occupancy(input, 0)]).toEqual([...golden('occ_all')]);
  });

  it('weighs by inverse frequency as the reference, overflow in the last bin', () => {
    expectClose(inverseFrequency(golden('occ_1MT')), golden('weights_occ'), exact);
    const reference = golden('weights_maxQ').map((weight) => (Number.isFinite(weight) ? weight : 1));
    expectClose(inverseFrequency(golden('maxdata_mip')), reference, exact);
  });

  it('offers every kind', () => {
    const powers = golden('sumdata_mip');
    expect(sampleWeights(data, 'none')).toEqual(new Float64Array(40).fill(1));
    expectClose(
      sampleWeights(data, 'sum2'),
      powers.map((power) => power ** 2),
      exact,
    );
    expect(sampleWeights(data, 'eta')[1]).toBe(2);
    const byMaximum = inverseFrequency(golden('maxdata_mip'));
    expectClose(
      sampleWeights(data, 'occ'),
      golden('weights_occ').map((weight, row) => weight * byMaximum[row]),
      exact,
    );
    expect(() => sampleWeights({ ...data, side: new Map() }, 'eta')).toThrow(
      'weight eta: the input has no column tc_eta, expected it for this weight',
    );
  });
});

describe('split', () => {
  const reference = goldenJson<{
    n: number;
    val_index: number[];
    train_index: number[];
    rounding: Record<string, number>;
  }>('preprocessing', 'split.json');

  it('takes the first rows as the reference', () => {
    const { validation, train } = splitFirst(reference.n);
    expect([...validation]).toEqual(reference.val_index);
    expect([...train]).toEqual(reference.train_index);
    for (const [rows, held] of Object.entries(reference.rounding)) {
      expect(splitFirst(Number(rows)).validation.length).toBe(held);
    }
  });

  it('shuffled: every row once, the same for the same seed', () => {
    const { validation, train } = splitShuffled(101, 5);
    expect(validation.length).toBe(20);
    expect(new Set([...validation, ...train]).size).toBe(101);
    expect(splitShuffled(101, 5)).toEqual({ validation, train });
    expect(splitShuffled(101, 6).validation).not.toEqual(validation);
  });
});
