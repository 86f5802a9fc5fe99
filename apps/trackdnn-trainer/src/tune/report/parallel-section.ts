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
  const values: readonly Value[] = domain.kind === 'choice' ? domain.values : [];
  if (values.every((value) => typeof value === 'number')) {
    return {
      axis: { title: times === null ? name : `mean of ${name}` },
      valueOf: ({ configuration }) => meanOf(configuration[name] as number | number[]),
    };
  }
  return {
    axis: { title: name, categories: values.map(String) },
    valueOf: ({ configuration }) => values.indexOf(configuration[name] as Value),
  };
}

function meanOf(value: number | readonly number[]): number {
  if (typeof value === 'number') return value;
  return value.reduce((sum, one) => sum + one, 0) / value.length;
}

function objectiveOf({ outcome }: TrialResult): number | null {
  return outcome.kind === 'finished' ? outcome.objective : null;
}
