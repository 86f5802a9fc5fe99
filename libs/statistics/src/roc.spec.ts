import { expectClose } from '@hep/test-support';
import fc from 'fast-check';
import {
  areaUnderRoc,
  kerasThresholds,
  rocCurve,
  rocOfBins,
  workingPointAtBackground,
  workingPointAtSignal,
} from './index.ts';
import { goldenWeighted } from './testing/golden-weighted.ts';

interface Entry {
  readonly score: number;
  readonly label: number;
  readonly weight: number;
}

/** Scores of both classes, of few different values. */
const entries = fc
  .array(
    fc.record({
      score: fc.integer({ min: -9, max: 9 }),
      label: fc.integer({ min: 0, max: 1 }),
      weight: fc.integer({ min: 1, max: 9 }),
    }),
    { minLength: 1, maxLength: 30 },
  )
  .map((list): Entry[] => [...list, { score: 0, label: 0, weight: 1 }, { score: 1, label: 1, weight: 1 }]);

function areaOf(list: readonly Entry[], score = ({ score }: Entry) => score): number {
  const weights = list.map(({ weight }) => weight);
  const labels = list.map(({ label }) => label);
  return areaUnderRoc(rocCurve(list.map(score), labels, { weights }));
}

/** Chance that a signal entry lies above a background entry, ties as half. */
function areaByPairs(list: readonly Entry[]): number {
  let [above, pairs] = [0, 0];
  for (const signal of list.filter(({ label }) => label === 1)) {
    for (const background of list.filter(({ label }) => label === 0)) {
      const weight = signal.weight * background.weight;
      pairs += weight;
      above += (weight * (Math.sign(signal.score - background.score) + 1)) / 2;
    }
  }
  return above / pairs;
}

describe('ROC curve', () => {
  it('is that of scikit-learn', () => {
    const { scores, labels, weights, roc } = goldenWeighted;
    const curve = rocCurve(scores, labels, { weights });
    expect([...curve.thresholds]).toEqual([Infinity, ...roc.thresholds]);
    expectClose(curve.signalEfficiency, roc.true, { absolute: 1e-14 });
    expectClose(curve.backgroundEfficiency, roc.false, { absolute: 1e-14 });
    expect(areaUnderRoc(curve)).toBeCloseTo(roc.auc, 13);
    expect(areaUnderRoc(rocCurve(scores, labels))).toBeCloseTo(roc.aucUnweighted, 13);
  });

  it('has the area that pairs of entries give', () => {
    fc.assert(fc.property(entries, (list) => expect(areaOf(list)).toBeCloseTo(areaByPairs(list), 12)));
  });

  it('does not see a rising change of the scores, and turns over with the classes', () => {
    fc.assert(
      fc.property(entries, (list) => {
        const swapped = list.map((entry) => ({ ...entry, label: 1 - entry.label }));
        expect(areaOf(list, ({ score }) => Math.exp(score / 4) + 7)).toBeCloseTo(areaOf(list), 12);
        expect(areaOf(list) + areaOf(swapped)).toBeCloseTo(1, 12);
      }),
    );
  });

  it('at given thresholds has the efficiencies of its own points', () => {
    const curve = rocCurve([0.1, 0.4, 0.4, 0.8], [0, 1, 0, 1], { thresholds: [0.4, 0, 0.5, 1] });
    expect([...curve.thresholds]).toEqual([1, 0.5, 0.4, 0]);
    expect([...curve.signalEfficiency]).toEqual([0, 0.5, 1, 1]);
    expect([...curve.backgroundEfficiency]).toEqual([0, 0, 0.5, 1]);
    expect([...kerasThresholds(3)]).toEqual([Math.fround(-1e-7), 0.5, Math.fround(1 + 1e-7)]);
  });

  it('of counts in bins is that of the scores at the edges of the bins', () => {
    fc.assert(
      fc.property(entries, (list) => {
        const edges = Array.from({ length: 19 }, (_, bin) => bin - 9);
        const counts = (label: number) =>
          edges.map((edge) => list.filter((entry) => entry.score === edge && entry.label === label).length);
        const binned = rocOfBins(counts(1), counts(0), edges);
        const thresholds = [...edges, 100];
        const curve = rocCurve(
          list.map(({ score }) => score),
          list.map(({ label }) => label),
          { thresholds },
        );
        expectClose(binned.signalEfficiency, curve.signalEfficiency, { absolute: 1e-12 });
        expectClose(binned.backgroundEfficiency, curve.backgroundEfficiency, { absolute: 1e-12 });
      }),
    );
    expect(areaUnderRoc(rocOfBins([0, 0], [1, 2], [0, 1]))).toBeNaN();
  });

  it('is not a number for a class without entries', () => {
    expect(areaUnderRoc(rocCurve([0.1, 0.2], [0, 0]))).toBeNaN();
    expect(areaUnderRoc(rocCurve([0.1, 0.2], [1, 1]))).toBeNaN();
    expect(areaUnderRoc(rocCurve([], []))).toBeNaN();
  });

  it('refuses what is no number, and arrays of different lengths', () => {
    expect(() => rocCurve([0.1, NaN], [0, 1])).toThrow('score 1 is NaN: expected a number');
    expect(() => rocCurve([0.1, 1], [0, 1], { weights: [Infinity, 1] })).toThrow('weight 0 is Infinity');
    expect(() => rocCurve([0.1], [0, 1])).toThrow('2 labels for 1 scores; expected as many');
    expect(() => rocCurve([0.1], [0], { weights: [] })).toThrow('0 weights for 1 values; expected as many');
  });
});

describe('working points', () => {
  const curve = rocCurve([9, 8, 7, 6, 5, 4, 3, 2, 1, 0], [1, 1, 0, 1, 1, 0, 0, 1, 0, 0]);

  it('keep the signal that is asked for with the tightest cut', () => {
    expect(workingPointAtSignal(curve, 0.6)).toEqual({
      threshold: 6,
      signalEfficiency: 0.6,
      backgroundEfficiency: 0.2,
      rejection: 5,
    });
    expect(workingPointAtSignal(curve, 0.61).threshold).toBe(5);
    expect(workingPointAtSignal(curve, 0.4).rejection).toBe(Infinity);
  });

  it('let no more background pass than is asked for with the loosest cut', () => {
    expect(workingPointAtBackground(curve, 0.2)).toMatchObject({ threshold: 5, signalEfficiency: 0.8 });
    expect(workingPointAtBackground(curve, 0.19)).toMatchObject({ threshold: 8, signalEfficiency: 0.4 });
    expect(workingPointAtBackground(curve, 1).signalEfficiency).toBe(1);
  });

  it('do not see that sums of weights are rounded', () => {
    const weights = [0.1, 0.2, 0.3, 0.4];
    const rounded = rocCurve([4, 3, 2, 1, 0], [1, 1, 1, 1, 0], { weights: [...weights, 1] });
    expect(workingPointAtSignal(rounded, 0.6).threshold).toBe(2);
  });

  it('are not numbers without a class', () => {
    const { threshold, rejection } = workingPointAtSignal(rocCurve([1, 2], [0, 0]), 0.5);
    expect([threshold, rejection]).toEqual([NaN, NaN]);
  });
});
