import { epochCurves } from '@hep/figures';
import type { ReportFigure, ReportSection } from '@hep/figures';
import type { SearchPlan } from '@hep/hyperband';
import type { TrialResult } from '../results.ts';

/** The objective after every epoch, a figure for each bracket that has any. */
export function curvesSection(plan: SearchPlan, results: readonly TrialResult[]): ReportSection {
  return {
    heading: 'Learning curves',
    text: 'A curve ends where its trial was not good enough to go on.',
    figures: plan.brackets.flatMap((_, bracket) => figureOf(plan, results, bracket)),
  };
}

function figureOf(plan: SearchPlan, results: readonly TrialResult[], bracket: number): ReportFigure[] {
  const { name } = plan.objective;
  const trials = results.filter((result) => result.bracket === bracket && result.history.length > 0);
  if (trials.length === 0) return [];
  const series = trials.map(({ trial, history }) => ({
    name: `trial ${trial}`,
    values: history.map(({ values }) => values[name] ?? NaN),
  }));
  const epochs = plan.brackets[bracket].map((round) => round.epochs);
  const ends = epochs.length === 1 ? `epoch ${epochs[0]}` : `epochs ${epochs.join(', ')}`;
  const caption = `Bracket ${bracket + 1}, rounds end after ${ends}.`;
  return [{ figure: epochCurves({ series, yTitle: name }), caption }];
}
