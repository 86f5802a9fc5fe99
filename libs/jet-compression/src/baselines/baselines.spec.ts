import { describeWithFixture, fixturePath } from '@hep/test-support';
import { numberOfHalf } from '@hep/datasets/columns';
import fc from 'fast-check';
import { readJets } from '../tables/stream-jets.ts';
import { normaliseJets, selectJets } from '../variables/normalisation.ts';
import { variableSets } from '../variables/presets.ts';
import { baselineError, baselinesBeside, components, equalSteps } from './baselines.ts';
import { FLOAT16, FLOAT8, halfBits, largest, roundToFloat } from './short-floats.ts';

describe('short floats', () => {
  it('are those of IEEE 754', () => {
    expect([largest(FLOAT16), largest(FLOAT8)]).toEqual([65504, 240]);
    expect([1 / 3, 1e-8, 70000, -2049].map((value) => roundToFloat(value, FLOAT16))).toEqual([
      0.333251953125, 0, 65504, -2048,
    ]);
    expect([0.3, 1.0625, 1.1875, 300].map((value) => roundToFloat(value, FLOAT8))).toEqual([
      0.3125, 1, 1.25, 240,
    ]);
  });

  it('have all bit patterns of half precision', () => {
    for (let pattern = 0; pattern < 0x10000; pattern++) {
      const value = numberOfHalf(pattern);
      if (!Number.isNaN(value)) expect(halfBits(value)).toBe(pattern);
      else expect(Number.isNaN(numberOfHalf(halfBits(value)))).toBe(true);
    }
  });

  it('round the same way as bit patterns and as numbers', () => {
    fc.assert(
      fc.property(fc.float({ min: Math.fround(-65000), max: Math.fround(65000), noNaN: true }), (value) => {
        expect(numberOfHalf(halfBits(value)) + 0).toBe(roundToFloat(value, FLOAT16) + 0);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('baselines', () => {
  const train = { width: 2, values: Float32Array.of(0, 0, 1, 2, 2, 4, 3, 6) };

  it('keep a line in one component', () => {
    expect(baselineError(components(train, 1, 32), train.values)).toBeLessThan(1e-12);
  });

  it('lose a twelfth of a squared step at most on average', () => {
    const values = Float32Array.from({ length: 2000 }, (_, i) => i / 1999);
    const error = baselineError(equalSteps({ width: 1, values }, 4), values);
    expect(error * 12 * 15 ** 2).toBeCloseTo(1, 1);
  });

  it('tell their bits', () => {
    expect(
      baselinesBeside({ width: 4, values: new Float32Array(40).map(Math.sin) }, 3).map(
        (one) => one.bitsPerJet,
      ),
    ).toEqual([64, 32, 96, 48, 48, 24]);
  });
});

describeWithFixture(['jet-autoencoder', 'jets_test_4D.csv'], 'principal components of the test jets', () => {
  it('lose what the study’s do', async () => {
    const all = await readJets(
      [fixturePath('jet-autoencoder', 'jets_test_4D.csv')],
      ['m', 'pt', 'phi', 'eta'],
    );
    const m = all.columns.get('m')!;
    const jets = selectJets(
      all,
      [...m.keys()].filter((row) => m[row] > 0.08),
    );
    const values = normaliseJets(variableSets['4d'], jets);
    expect(baselineError(components({ width: 4, values }, 3, 32), values)).toBeCloseTo(9.02e-4, 6);
  });
});
