import { readFileSync } from 'node:fs';
import { describeWithFixture, expectClose, fixturePath } from '@hep/test-support';
import fc from 'fast-check';
import {
  errorFactors,
  invalidValues,
  normaliseJets,
  parseNormalisation,
  restoreJets,
} from './normalisation.ts';
import type { Jets } from './normalisation.ts';
import { customFourMomentum, hltJet, variableSets } from './presets.ts';
import { difference, forward, inverse, scaledToUnit, standardised, withoutCurve } from './transform.ts';

const jetsOf = (columns: Record<string, number[]>): Jets => {
  const [[, first]] = Object.entries(columns);
  const typed = Object.entries(columns).map(([name, values]) => [name, Float64Array.from(values)] as const);
  return { rows: first.length, columns: new Map(typed) };
};

describe('normalisations', () => {
  it('have the numbers of the studies', () => {
    const [m, pt, phi, eta] = customFourMomentum({ m: 2, pt: 3 });
    expect(forward(m, 9999)).toBeCloseTo(4 / 1.8 - 2, 12);
    expect(forward(pt, 1e5)).toBeCloseTo((5 - 1.3) / 1.2 - 3, 12);
    expect([forward(phi, 1.5), forward(eta, -2)]).toEqual([0.5, -0.4]);
    const hlt = new Map(hltJet.map((transform) => [transform.name, transform]));
    expect(forward(hlt.get('pt')!, 50_000)).toBeCloseTo((Math.log10(50) - 1.3) / 1.2, 12);
    expect(forward(hlt.get('NegativeE')!, -9000)).toBeCloseTo(1 / 1.6, 12);
    expect(forward(hlt.get('LeadingClusterSecondR')!, 25_000)).toBeCloseTo((Math.log10(125) - 2) / 0.6, 12);
    expect(forward(hlt.get('ActiveArea4vec_m')!, 0.09)).toBeCloseTo(0.09 / 0.18 - 0.15, 12);
  });

  it('are undone by their inverses', () => {
    const all = Object.values(variableSets).flat();
    fc.assert(
      fc.property(fc.constantFrom(...all), fc.double({ min: -3, max: 3, noNaN: true }), (transform, y) => {
        const wrapped = forward(transform, inverse(transform, y));
        const period = transform.period === undefined ? Infinity : transform.period / transform.scale;
        const apart = wrapped - y;
        const off = period === Infinity ? apart : apart - period * Math.round(apart / period);
        expect(Math.abs(off)).toBeLessThan(1e-9);
      }),
    );
  });

  it('take differences of angles around the circle', () => {
    const [, , phi, eta] = customFourMomentum();
    expect(difference(phi, 3.1, -3.1)).toBeCloseTo(2 * Math.PI - 6.2, 12);
    expect(difference(eta, 3.1, -3.1)).toBeCloseTo(-6.2, 12);
    expect(inverse(phi, 1.1)).toBeCloseTo(3.3 - 2 * Math.PI, 12);
  });

  it('standardise with the deviation of pandas', () => {
    const transform = standardised(withoutCurve(variableSets['4d'][0]), [1, 2, 3, 4]);
    expect([transform.curve, transform.shift]).toEqual(['linear', 2.5]);
    expect(transform.scale).toBeCloseTo(1.2909944487, 9);
    expect(() => standardised(variableSets['4d'][3], [1, 1])).toThrow('all 2 values are the same');
  });

  it('reach from 0 to 1', () => {
    const unit = scaledToUnit(variableSets['4d'][1], [100, 1e5, 1e4]);
    [0, 1, 2 / 3].forEach((expected, i) =>
      expect(forward(unit, [100, 1e5, 1e4][i])).toBeCloseTo(expected, 12),
    );
    expect(inverse(unit, 2 / 3)).toBeCloseTo(1e4, 6);
    expect(() => scaledToUnit(variableSets['4d'][3], [1, 1])).toThrow('all 2 values are the same');
  });

  it('tell errors in each other’s units', () => {
    const own = variableSets['4d'].map((transform) => ({ ...transform, scale: transform.scale / 2 }));
    expect(errorFactors(own, variableSets['4d'])).toEqual([0.5, 0.5, 0.5, 0.5]);
  });

  it('find the values that they do not take', () => {
    const jets = jetsOf({ m: [5, -1, NaN], pt: [0, 2e4, 3e4], phi: [0, 0, 0], eta: [0, 0, 0] });
    expect(invalidValues(variableSets['4d'], jets)).toEqual([
      { row: 0, variable: 'pt', value: 0, expected: 'above 0' },
      { row: 1, variable: 'm', value: -1, expected: 'above -1' },
      { row: 2, variable: 'm', value: NaN, expected: 'above -1' },
    ]);
  });

  it('have 27, 25 and 19 variables', () => {
    expect(['27d', '25d', '19d'].map((name) => variableSets[name as '27d'].length)).toEqual([27, 25, 19]);
  });

  it('are read back from JSON, and nothing else is', () => {
    const read = (value: unknown) => parseNormalisation(value, 'a.json');
    expect(read(JSON.parse(JSON.stringify(hltJet)))).toEqual(hltJet);
    for (const wrong of [null, {}, [], [{ ...hltJet[0], scale: 0 }], [{ ...hltJet[0], curve: 'exp' }]]) {
      expect(() => read(wrong)).toThrow('a.json: expected a list of variables');
    }
  });
});

interface Recorded {
  readonly physical: number[][];
  readonly normed: number[][];
}

describeWithFixture(['jet-autoencoder', '4D_TLA_io.json'], 'recorded normalisation', () => {
  it.each([
    ['4D_TLA', { m: 0, pt: 0 }],
    ['4D_TLA_leading', { m: 2, pt: 3 }],
  ])('%s is reproduced, both ways', (name, shifts) => {
    const path = fixturePath('jet-autoencoder', `${name}_io.json`);
    const { physical, normed } = JSON.parse(readFileSync(path, 'utf8')) as Recorded;
    const normalisation = customFourMomentum(shifts);
    const columns = normalisation.map(
      (transform, i) => [transform.name, physical.map((row) => row[i])] as const,
    );
    const jets = jetsOf(Object.fromEntries(columns));
    expectClose(normaliseJets(normalisation, jets), normed.flat(), { absolute: 2e-7 });
    const back = restoreJets(normalisation, normed.flat());
    for (const [variable, values] of columns) {
      expectClose(back.columns.get(variable)!, values, { relative: 1e-9, absolute: 1e-9 }, variable);
    }
  });
});
