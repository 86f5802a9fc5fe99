/** Runs side by side. */
import { efficiencyPoints, epochCurves, rocCurves } from '@hep/figures';
import type { ReportCell, ReportFigure, ReportSection } from '@hep/figures';
import { BACKGROUNDS, discrimination, massEfficiencies, massName, OUTPUTS } from '@hep/calratio-training';
import { MASS_TITLE } from './efficiency-section.ts';
import { headlineOf } from './headline.ts';
import type { Headline } from './headline.ts';
import { ksColumn, valuesOf } from './history-columns.ts';
import { efficiencyText, OUTPUT_TITLES } from './names.ts';
import { BACKGROUND_NAMES } from './roc-section.ts';
import type { RunResults } from './run-results.ts';

/** Scores, ROC curves, histories and efficiencies of the same kind of run; the best of each row is bold. */
export function comparisonSections(runs: readonly RunResults[]): ReportSection[] {
  return [scoresSection(runs), rocOverlay(runs), historyOverlay(runs), efficiencyOverlay(runs)];
}

interface Row {
  readonly name: string;
  readonly value: (headline: Headline) => number;
  /** Null: nothing to be better at. */
  readonly isBetter: 'larger' | 'smaller' | null;
}

const ROWS: readonly Row[] = [
  { name: 'AUC against QCD and BIB', value: ({ auc }) => auc, isBetter: 'larger' },
  { name: 'AUC against QCD', value: ({ aucQcd }) => aucQcd, isBetter: 'larger' },
  { name: 'AUC against BIB', value: ({ aucBib }) => aucBib, isBetter: 'larger' },
  ...OUTPUTS.map((output): Row => ({
    name: `K-S, ${OUTPUT_TITLES[output]}`,
    value: ({ ks }) => ks[output],
    isBetter: 'smaller',
  })),
  ...OUTPUTS.map((output): Row => ({
    name: `K-S sum over pT bins, ${OUTPUT_TITLES[output]}`,
    value: ({ ksSum }) => ksSum[output],
    isBetter: 'smaller',
  })),
  {
    name: 'K-S sum over pT bins of an output by chance',
    value: ({ ksByChance }) => ksByChance,
    isBetter: null,
  },
];

function scoresSection(runs: readonly RunResults[]): ReportSection {
  const headlines = runs.map(({ predictions }) => headlineOf(predictions));
  return {
    heading: 'Scores',
    text:
      'Test jets of each run; the better number of a row is bold. K-S is the distance between data and simulation in ' +
      'the control region, which an adversary is there to lower.',
    tables: [
      {
        columns: ['', ...runs.map(({ name }) => name)],
        rows: ROWS.map(({ name, value, isBetter }) => [name, ...bestMarked(headlines.map(value), isBetter)]),
      },
    ],
  };
}

/** The numbers with the best in bold; ties are all bold. */
export function bestMarked(
  values: readonly number[],
  isBetter: 'larger' | 'smaller' | null,
  text: (value: number, place: number) => string | number = (value) => value,
): ReportCell[] {
  if (isBetter === null) return values.map(text);
  const known = values.filter((value) => !Number.isNaN(value));
  const best = isBetter === 'larger' ? Math.max(...known) : Math.min(...known);
  return values.map((value, place) => (value === best ? { best: text(value, place) } : text(value, place)));
}

function rocOverlay(runs: readonly RunResults[]): ReportSection {
  return {
    heading: 'ROC curves',
    figures: BACKGROUNDS.map((background) => ({
      figure: rocCurves({
        series: runs.map(({ name, predictions }) => {
          const { curve, area } = discrimination(predictions.main, background);
          return { name, ...curve, area };
        }),
      }),
      caption: `Signal against ${BACKGROUND_NAMES[background]}.`,
    })),
  };
}

const LOSSES = [
  { column: 'val_mainLoss', title: 'Main loss', caption: 'Cross-entropy of the classes, validation jets.' },
  {
    column: 'val_adversaryLoss',
    title: 'Adversary loss',
    caption: 'Loss of the adversary in the main step, validation jets.',
  },
  {
    column: 'discriminatorLoss',
    title: 'Discriminator loss',
    caption: 'Loss of the adversary in its own step, training jets.',
  },
] as const;

function historyOverlay(runs: readonly RunResults[]): ReportSection {
  const overlay = (column: string, yTitle: string, caption: string): ReportFigure[] => {
    const series = runs
      .map(({ name, history }) => ({ name, values: valuesOf(history, column) }))
      .filter(({ values }) => values.some(Number.isFinite));
    return series.length === 0 ? [] : [{ figure: epochCurves({ series, yTitle }), caption }];
  };
  return {
    heading: 'Histories',
    figures: [
      ...OUTPUTS.flatMap((output) =>
        overlay(
          ksColumn(output),
          `K-S sum, ${OUTPUT_TITLES[output]}`,
          'Distance between data and simulation, sum over three bins of pT, validation jets of the control region.',
        ),
      ),
      ...LOSSES.flatMap(({ column, title, caption }) => overlay(column, title, caption)),
    ],
  };
}

function efficiencyOverlay(runs: readonly RunResults[]): ReportSection {
  const series = runs.map(({ name, predictions }) => ({
    name,
    at: new Map(
      massEfficiencies(predictions.main).map(({ mH, mS, efficiency }) => [massName(mH, mS), efficiency]),
    ),
  }));
  const points = [...new Set(series.flatMap(({ at }) => [...at.keys()]))].sort(byMass);
  const values = (point: string) => series.map(({ at }) => at.get(point)?.value ?? NaN);
  const text = (point: string) => (value: number, place: number) =>
    Number.isNaN(value) ? '–' : efficiencyText(series[place].at.get(point)!);
  return {
    heading: 'Signal efficiencies',
    text: 'Part of the signal jets whose largest output is signal; the best of each mass is bold.',
    figures: [
      {
        figure: efficiencyPoints({ points, series, xTitle: MASS_TITLE, yTitle: 'Signal efficiency' }),
        caption: 'By masses of the heavy scalar and of the long-lived one; intervals hold 68 %.',
        wide: true,
      },
    ],
    tables: [
      {
        columns: ['mH, mS [GeV]', ...runs.map(({ name }) => name)],
        rows: points.map((point) => [point, ...bestMarked(values(point), 'larger', text(point))]),
      },
    ],
  };
}

function byMass(a: string, b: string): number {
  const [first, second] = [a, b].map((name) => name.split(', ').map(Number));
  return first[0] - second[0] || first[1] - second[1];
}
