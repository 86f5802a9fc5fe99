import { expectClose } from '@hep/test-support';
import fc from 'fast-check';
import { binEdges, histogram, histogramRatio, normalised, weightedHistogram } from './index.ts';
import { goldenWeighted } from './testing/golden-weighted.ts';

describe('weightedHistogram', () => {
  it("has NumPy's contents and errors", () => {
    const { scores, weights, histogram: expected } = goldenWeighted;
    const { contents, errors } = weightedHistogram(scores, expected.edges, weights);
    expectClose(contents, expected.contents, { relative: 1e-14 });
    expectClose(errors, expected.errors, { relative: 1e-14 });
  });

  it('agrees with the histogram of equal bins', () => {
    const binning = { bins: 7, min: -3, max: 4 };
    fc.assert(
      fc.property(fc.array(fc.double({ min: -5, max: 5, noNaN: true })), (values) => {
        const weighted = weightedHistogram(values, binEdges(binning));
        expect(weighted.contents).toEqual(histogram(values, binning).counts);
        expect(weighted.errors).toEqual(weighted.contents.map(Math.sqrt));
      }),
    );
  });

  it('includes the last edge and ignores what is outside or no number', () => {
    expect([...weightedHistogram([0, 1, 3, 3.1, -1, NaN], [0, 1, 3]).contents]).toEqual([1, 2]);
  });

  it('refuses edges that do not rise', () => {
    expect(() => weightedHistogram([1], [0, 0])).toThrow('bin edges 0, 0: expected two or more that rise');
    expect(() => weightedHistogram([1], [0])).toThrow('expected two or more that rise');
    expect(() => weightedHistogram([1], [0, 1], [1, 2])).toThrow('2 weights for 1 values');
  });
});

describe('normalised', () => {
  const given = weightedHistogram([0.5, 2, 2, 2], [0, 1, 3]);

  it('sums to one, errors along', () => {
    const { contents, errors } = normalised(given);
    expect([...contents]).toEqual([0.25, 0.75]);
    expect([...errors]).toEqual([0.25, Math.sqrt(3) / 4]);
  });

  it('as a density integrates to one over bins of any width', () => {
    expect([...normalised(given, { density: true }).contents]).toEqual([0.25, 0.375]);
  });

  it('leaves an empty histogram empty', () => {
    expect([...normalised(weightedHistogram([], [0, 1])).contents]).toEqual([0]);
  });
});

describe('histogramRatio', () => {
  it('divides contents and each error by the denominator', () => {
    const data = weightedHistogram([0, 0, 0, 0, 1], [0, 1, 2, 3]);
    const simulation = weightedHistogram([0, 0, 1, 1], [0, 1, 2, 3], [1, 1, 2, 2]);
    const { values, errors, band } = histogramRatio(data, simulation);
    expect([...values]).toEqual([2, 0.25, NaN]);
    expect([...errors]).toEqual([1, 0.25, NaN]);
    expectClose(band, [Math.SQRT2 / 2, Math.sqrt(8) / 4, NaN], { absolute: 1e-15 });
  });

  it('refuses histograms of other bins', () => {
    const [one, two] = [
      [0, 1],
      [0, 2],
    ].map((edges) => weightedHistogram([], edges));
    expect(() => histogramRatio(one, two)).toThrow('their bins differ');
  });
});
