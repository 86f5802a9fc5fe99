/** How the learning rate of a run changes. */
import { learningRateAt } from '@hep/nn';
import type { Schedule } from '@hep/nn';
import { kebabCase, UserError } from '@hep/options';
import type { TrainOptions } from './options.ts';

type ScheduleName = TrainOptions['schedule'];
type Parameter = 'schedulePeriod' | 'scheduleFactor' | 'scheduleGrowth';

/** The parameters that each schedule reads. */
const parametersOf: Record<ScheduleName, readonly Parameter[]> = {
  constant: [],
  step: ['schedulePeriod', 'scheduleFactor'],
  exponential: ['scheduleFactor'],
  cosine: [],
  'warm-restarts': ['schedulePeriod', 'scheduleGrowth'],
};

/** Throws a UserError when a parameter is given that the schedule does not have. */
export function requireScheduleParameters(options: TrainOptions): void {
  const { schedule } = options;
  const all: readonly Parameter[] = ['schedulePeriod', 'scheduleFactor', 'scheduleGrowth'];
  const stray = all.find((name) => options[name] !== undefined && !parametersOf[schedule].includes(name));
  if (stray === undefined) return;
  const owners = Object.entries(parametersOf).filter(([, names]) => names.includes(stray));
  throw new UserError(
    `option --${kebabCase(stray)}: schedule ${schedule} does not have it; leave it away, ` +
      `or choose --schedule ${owners.map(([name]) => name).join(' or ')}`,
  );
}

/** Learning rate as a function of the finished steps. */
export function learningRateOf(
  options: TrainOptions,
  stepsPerEpoch: number,
): (finishedSteps: number) => number {
  const schedule = scheduleOf(options, stepsPerEpoch);
  return (step) => learningRateAt(schedule, step);
}

function scheduleOf(options: TrainOptions, stepsPerEpoch: number): Schedule {
  const { learningRate: rate, epochs, schedulePeriod, scheduleFactor, scheduleGrowth } = options;
  switch (options.schedule) {
    case 'constant':
      return { kind: 'constant', rate };
    case 'step':
      return drops(
        rate,
        (schedulePeriod ?? 10) * stepsPerEpoch,
        scheduleFactor ?? 0.5,
        epochs * stepsPerEpoch,
      );
    case 'exponential':
      return { kind: 'exponential', rate, decay: scheduleFactor ?? 0.95, decaySteps: stepsPerEpoch };
    case 'cosine':
      return { kind: 'cosine', rate, decaySteps: epochs * stepsPerEpoch };
    case 'warm-restarts': {
      const firstPeriod = Math.max(1, (schedulePeriod ?? 5) * stepsPerEpoch);
      return { kind: 'warmRestarts', rate, firstPeriod, periodFactor: scheduleGrowth ?? 2 };
    }
  }
}

/** The rate falls to `factor` of itself after every `period` of the `steps`. */
function drops(rate: number, period: number, factor: number, steps: number): Schedule {
  const count = Math.ceil(steps / period);
  return {
    kind: 'step',
    boundaries: Array.from({ length: count }, (_, index) => (index + 1) * period),
    rates: Array.from({ length: count + 1 }, (_, index) => rate * factor ** index),
  };
}
