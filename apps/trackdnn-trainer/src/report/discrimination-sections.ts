/** ROC curves and working points, iteration by iteration. */
import { efficiencyPoints, rocCurves } from '@hep/figures';
import type { ReportCell, ReportSection, ReportTable } from '@hep/figures';
import { efficiencyOf } from '@hep/statistics';
import type { Efficiency } from '@hep/statistics';
import { efficiencyAtFakeRate, fakeRateAtEfficiency, passingCut } from '@hep/track-samples';
import type { Discrimination, IterationResult, ScoreCurve } from '@hep/track-samples';

/** Parts of the fakes, and of the true tracks, at which the other part is told. */
const FAKE_RATES = [0.01, 0.05, 0.1, 0.2];
const EFFICIENCIES = [0.9, 0.95, 0.99];
/** Those of the figures. */
const SHOWN_FAKE_RATE = 0.1;
const SHOWN_EFFICIENCY = 0.9;

const percent = (part: number) => `${(100 * part).toFixed(0)} %`;

/** @param treeCut on `trk_mva`, -1 to 1 */
export function discriminationSections(judged: Discrimination, treeCut: number): ReportSection[] {
  return [areas(judged), curves(judged), workingPoints(judged), ...atTreeCut(judged, treeCut)];
}

function areas({ results, skipped }: Discrimination): ReportSection {
  const missing = skipped.length === 0 ? '' : ` Without a curve: ${skipped.join('; ')}.`;
  return {
    heading: 'Area under the ROC',
    text: `All test tracks, as they are: neither balanced nor weighted.${missing}`,
    tables: [
      {
        columns: ['iteration', 'true tracks', 'fakes', 'network', 'trk_mva'],
        rows: results.map(({ name, trueTracks, fakes, network, trees }) => [
          name,
          trueTracks,
          fakes,
          ...better([network.area, trees?.area], true),
        ]),
      },
    ],
  };
}

function curves({ results }: Discrimination): ReportSection {
  const series = (name: string, { curve, area }: ScoreCurve) => ({ name, area, ...curve });
  return {
    heading: 'ROC curves',
    figures: results.map(({ name, network, trees }) => ({
      figure: rocCurves({
        series: [series('network', network), ...(trees === null ? [] : [series('trk_mva', trees)])],
        xTitle: 'Efficiency of true tracks',
        yTitle: '1 / fake rate',
      }),
      caption: name === 'all' ? 'All iterations.' : `${name}.`,
    })),
  };
}

function workingPoints({ results }: Discrimination): ReportSection {
  const figureOf = (measure: Measure, yTitle: string, caption: string) => ({
    figure: efficiencyPoints({
      points: results.map(({ name }) => name),
      series: [
        { name: 'network', at: fractions(results, measure, ({ network }) => network) },
        { name: 'trk_mva', at: fractions(results, measure, ({ trees }) => trees) },
      ].filter(({ at }) => at.size > 0),
      xTitle: 'Iteration',
      yTitle,
    }),
    caption: `${caption} Bars hold 68 %, from the number of tracks; the uncertainty of the cut is not in them.`,
  });
  return {
    heading: 'Efficiency and fake rate',
    text: 'The fake rate is the part of the fakes that passes a cut, the efficiency that of the true tracks.',
    tables: [
      table(
        results,
        'Efficiency of true tracks at a fake rate of at most:',
        FAKE_RATES.map(efficiencyMeasure),
      ),
      table(results, 'Fake rate at an efficiency of at least:', EFFICIENCIES.map(fakeRateMeasure)),
    ],
    figures: [
      figureOf(
        efficiencyMeasure(SHOWN_FAKE_RATE),
        'Efficiency',
        `Efficiency of true tracks at a fake rate of at most ${percent(SHOWN_FAKE_RATE)}.`,
      ),
      figureOf(
        fakeRateMeasure(SHOWN_EFFICIENCY),
        'Fake rate',
        `Fake rate at an efficiency of at least ${percent(SHOWN_EFFICIENCY)}.`,
      ),
    ],
  };
}

/** What one number of a curve says. */
interface Measure {
  readonly name: string;
  readonly moreIsBetter: boolean;
  readonly of: (score: ScoreCurve) => number;
  /** Tracks of which it is a part. */
  readonly among: (result: IterationResult) => number;
}

const efficiencyMeasure = (rate: number): Measure => ({
  name: percent(rate),
  moreIsBetter: true,
  of: (score) => efficiencyAtFakeRate(score, rate),
  among: ({ trueTracks }) => trueTracks,
});

const fakeRateMeasure = (efficiency: number): Measure => ({
  name: percent(efficiency),
  moreIsBetter: false,
  of: (score) => fakeRateAtEfficiency(score, efficiency),
  among: ({ fakes }) => fakes,
});

/** Values with their intervals, by iteration. */
function fractions(
  results: readonly IterationResult[],
  { of, among }: Measure,
  scoreOf: (result: IterationResult) => ScoreCurve | null,
): Map<string, Efficiency> {
  return new Map(
    results.flatMap((result) => {
      const score = scoreOf(result);
      return score === null ? [] : [[result.name, efficiencyOf(of(score), among(result))] as const];
    }),
  );
}

/** What the network does at the working point of the decision trees; nothing without them. */
function atTreeCut({ results }: Discrimination, treeCut: number): ReportSection[] {
  const compared = results.flatMap(({ name, network, trees }) =>
    trees === null ? [] : [{ name, network, atCut: passingCut(trees, (treeCut + 1) / 2) }],
  );
  if (compared.length === 0) return [];
  const columns = ['iteration', 'network', 'trk_mva'];
  return [
    {
      heading: 'At the working point of the trees',
      text: `Trees: a cut of ${treeCut} on trk_mva. Network: the cut that passes no more fakes, or no fewer true tracks.`,
      tables: [
        {
          caption: 'Efficiency of true tracks at the fake rate of the trees.',
          columns,
          rows: compared.map(({ name, network, atCut: { fakeRate, efficiency } }) => [
            name,
            ...better([efficiencyAtFakeRate(network, fakeRate), efficiency], true),
          ]),
        },
        {
          caption: 'Fake rate at the efficiency of the trees.',
          columns,
          rows: compared.map(({ name, network, atCut: { fakeRate, efficiency } }) => [
            name,
            ...better([fakeRateAtEfficiency(network, efficiency), fakeRate], false),
          ]),
        },
      ],
    },
  ];
}

/** Network and trees beside each other for each measure. */
function table(
  results: readonly IterationResult[],
  caption: string,
  measures: readonly Measure[],
): ReportTable {
  return {
    caption,
    columns: ['iteration', ...measures.flatMap(({ name }) => [`${name}: network`, 'trk_mva'])],
    rows: results.map(({ name, network, trees }) => [
      name,
      ...measures.flatMap(({ of, moreIsBetter }) =>
        better([of(network), trees === null ? undefined : of(trees)], moreIsBetter),
      ),
    ]),
  };
}

/** Cells of two numbers, the better one marked; without the second a dash. */
function better([first, second]: [number, number | undefined], moreIsBetter: boolean): ReportCell[] {
  if (second === undefined) return [first, '-'];
  const isFirst = moreIsBetter ? first > second : first < second;
  const isSecond = moreIsBetter ? second > first : second < first;
  return [isFirst ? { best: first } : first, isSecond ? { best: second } : second];
}
