/** How the training went, epoch by epoch. */
import { epochCurves } from '@hep/figures';
import type { ReportFigure, ReportSection } from '@hep/figures';
import type { EpochRow } from '@hep/training';
import { OUTPUTS } from '@hep/calratio-training';
import { ksColumn, valuesOf } from './history-columns.ts';

interface Curve {
  /** Column of the history; `val_` before it is its value on the validation jets. */
  readonly column: string;
  readonly title: string;
  readonly caption: string;
}

const CURVES: readonly Curve[] = [
  {
    column: 'mainLoss',
    title: 'Main loss',
    caption: 'Cross-entropy of the three classes on the main sample.',
  },
  {
    column: 'mainAccuracy',
    title: 'Main accuracy',
    caption: 'Part of the jets whose largest output is their class.',
  },
  {
    column: 'adversaryLoss',
    title: 'Adversary loss',
    caption:
      'Of the adversary in the main step, which tries to raise it; with weights of mean 1, 0.693 means that it knows nothing.',
  },
  {
    column: 'adversaryAccuracy',
    title: 'Adversary accuracy',
    caption: 'Part of the control region jets that the adversary names rightly in the main step.',
  },
  {
    column: 'discriminatorLoss',
    title: 'Discriminator loss',
    caption:
      'Of the adversary in its own step, which lowers it; regularisation of the frozen tagger included.',
  },
  {
    column: 'discriminatorAccuracy',
    title: 'Discriminator accuracy',
    caption: 'Part of the control region jets that the adversary names rightly in its own step.',
  },
];

/** Losses, accuracies and Kolmogorov-Smirnov distances against the epoch; curves that the history lacks are left out. */
export function trainingSection(history: readonly EpochRow[], bestEpoch: number | null): ReportSection {
  const best = bestEpoch === null ? {} : { bestEpoch };
  return {
    heading: 'Training',
    text: 'Training values are means over an epoch with dropout, each batch before its update; validation values are taken after it.',
    figures: [...CURVES.flatMap((curve) => lossFigure(history, curve, best)), ...ksFigure(history, best)],
  };
}

function lossFigure(
  history: readonly EpochRow[],
  { column, title, caption }: Curve,
  best: { bestEpoch?: number },
): ReportFigure[] {
  const series = [
    { name: 'Training', values: valuesOf(history, column) },
    { name: 'Validation', values: valuesOf(history, `val_${column}`) },
  ].filter(({ values }) => values.some(Number.isFinite));
  if (series.length === 0) return [];
  return [{ figure: epochCurves({ series, yTitle: title, ...best }), caption }];
}

function ksFigure(history: readonly EpochRow[], best: { bestEpoch?: number }): ReportFigure[] {
  const series = OUTPUTS.map((output) => ({
    name: output.toUpperCase(),
    values: valuesOf(history, ksColumn(output)),
  })).filter(({ values }) => values.some(Number.isFinite));
  if (series.length === 0) return [];
  const byChance = valuesOf(history, 'val_ks_by_chance');
  if (byChance.some(Number.isFinite)) series.push({ name: 'By chance', values: byChance });
  return [
    {
      figure: epochCurves({ series, yTitle: 'K-S sum', ...best }),
      caption:
        'Kolmogorov-Smirnov distance between data and simulation in the control region, sum over three bins of pT. As many ' +
        'jets without any difference are apart by chance, in the mean.',
      wide: true,
    },
  ];
}
