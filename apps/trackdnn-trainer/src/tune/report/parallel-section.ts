import { parallelCoordinates } from '@hep/figures';
import type { CoordinateAxis, ReportSection } from '@hep/figures';
import type { Parameter, SearchPlan, Value } from '@hep/hyperband';
import type { TrialResult } from '../results.ts';

/** An axis with what a trial has on it. */
interface Coordinate {
  readonly axis: CoordinateAxis;
  readonly valueOf: (result: TrialResult) => number | null;
}

/** All trials as lines across their parameters and the objective. */
export function parallelSection(plan: SearchPlan, results: readonly TrialResult[]): ReportSection {
  const coordinates = [
    ...plan.space.map(coordinateOf),
    { axis: { title: 'epochs' }, valueOf: ({ history }: TrialResult) => history.length },
    { axis: { title: plan.objective.name }, valueOf: objectiveOf },
  ];
  const finished = results.filter(({ outcome }) => outcome.kind === 'finished').length;
  const lines = results.map((result, rank) => ({
    label: `trial ${result.trial}`,
    values: coordinates.map(({ valueOf }) => valueOf(result)),
    strength: rank < finished ? 1 - rank / finished : null,
  }));
  return {
    heading: 'Parameters',
    figures: [
      {
        figure: parallelCoordinates({
          axes: coordinates.map(({ axis }) => axis),
          lines: lines.reverse(),
        }),
        caption:
          'The better a trial, the darker and thicker its line; grey: failed. Of a list the mean is shown.',
        wide: true,
      },
    ],
  };
}

function coordinateOf({ name, domain, times }: Parameter): Coordinate {
  if (times !== null) {
    return {
      axis: { title: `mean of ${name}` },
      valueOf: ({ configuration }) => meanOf(configuration[name] as readonly number[]),
    };
  }
  if (domain.kind === 'integer') {
    return { axis: { title: name }, valueOf: ({ configuration }) => Number(configuration[name]) };
  }
  const values = [...domain.values].sort((a, b) => Number(a) - Number(b));
  return {
    axis: { title: name, categories: values.map(String) },
    valueOf: ({ configuration }) => values.indexOf(configuration[name] as Value),
  };
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function objectiveOf({ outcome }: TrialResult): number | null {
  return outcome.kind === 'finished' ? outcome.objective : null;
}
