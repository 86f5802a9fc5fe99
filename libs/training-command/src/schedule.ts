/** How the learning rate of a run changes. */
import { learningRateAt } from '@hep/nn';
import type { Schedule } from '@hep/nn';
import { kebabCase, option, UserError } from '@hep/options';
import { z } from 'zod';

/** Declarations of the options that `learningRateOf` reads, beside the rate itself. */
export const scheduleOptions = {
  schedule: option({
    schema: z
      .enum(['constant', 'step', 'exponential', 'cosine', 'warm-restarts', 'one-cycle'])
      .default('constant'),
    describe:
      'how the learning rate changes: step halves it every 10 epochs, exponential by 5 % each epoch, ' +
      'one-cycle goes up for 30 % of the steps and down for the others',
    group: 'Training',
  }),
  schedulePeriod: option({
    schema: z.number().positive().optional(),
    describe: 'time between the drops of step (default 10), or before the first of warm-restarts (default 5)',
    unit: 'epochs',
    group: 'Training',
  }),
  scheduleFactor: option({
    schema: z.number().gt(0).lt(1).optional(),
    describe:
      'what is left of the rate after a drop of step (default 0.5), or an epoch of exponential (0.95)',
    group: 'Training',
  }),
  scheduleGrowth: option({
    schema: z.number().min(1).optional(),
    describe: 'length of a period of warm-restarts over that of the one before it (default 2)',
    group: 'Training',
  }),
};

type ScheduleName = 'constant' | 'step' | 'exponential' | 'cosine' | 'warm-restarts' | 'one-cycle';
type Parameter = 'schedulePeriod' | 'scheduleFactor' | 'scheduleGrowth';

/** Values of the schedule options, with what they are about. */
export interface ScheduleChoice extends Readonly<Partial<Record<Parameter, number>>> {
  readonly schedule: ScheduleName;
  readonly learningRate: number;
  readonly epochs: number;
}

/** The parameters that each schedule reads. */
const parametersOf: Record<ScheduleName, readonly Parameter[]> = {
  constant: [],
  step: ['schedulePeriod', 'scheduleFactor'],
  exponential: ['scheduleFactor'],
  cosine: [],
  'warm-restarts': ['schedulePeriod', 'scheduleGrowth'],
  'one-cycle': [],
};

/** @throws UserError when a parameter is given that the schedule does not have */
export function requireScheduleParameters(options: ScheduleChoice): void {
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
  options: ScheduleChoice,
  stepsPerEpoch: number,
): (finishedSteps: number) => number {
  const schedule = scheduleOf(options, stepsPerEpoch);
  return (step) => learningRateAt(schedule, step);
}

function scheduleOf(options: ScheduleChoice, stepsPerEpoch: number): Schedule {
  const { learningRate: rate, epochs, schedulePeriod, scheduleFactor, scheduleGrowth } = options;
  switch (options.schedule) {
    case 'constant':
      return { kind: 'constant', rate };
    case 'step':
      return drops(
        rate,
        Math.max(1, (schedulePeriod ?? 10) * stepsPerEpoch),
        scheduleFactor ?? 0.5,
        epochs * stepsPerEpoch,
      );
    case 'exponential':
      return { kind: 'exponential', rate, decay: scheduleFactor ?? 0.95, decaySteps: stepsPerEpoch };
    case 'cosine':
      return { kind: 'cosine', rate, decaySteps: epochs * stepsPerEpoch };
    case 'one-cycle':
      return { kind: 'oneCycle', rate, steps: epochs * stepsPerEpoch };
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
