import { expectClose } from '@hep/test-support';
import { learningRateAt } from './schedules.ts';
import type { Schedule } from './schedules.ts';

/** Schedule, steps, rates that Keras 2.15 gives. */
const oracles: [string, Schedule, number[], number[]][] = [
  ['constant', { kind: 'constant', rate: 0.1 }, [0, 99], [0.1, 0.1]],
  [
    'step',
    { kind: 'step', boundaries: [3, 6], rates: [1, 0.5, 0.1] },
    [0, 3, 4, 6, 7],
    [1, 1, 0.5, 0.5, 0.1],
  ],
  [
    'exponential',
    { kind: 'exponential', rate: 0.1, decaySteps: 10, decay: 0.5 },
    [0, 5, 25],
    [0.1, 0.07071068, 0.01767767],
  ],
  [
    'exponential in stairs',
    { kind: 'exponential', rate: 0.1, decaySteps: 10, decay: 0.5, staircase: true },
    [0, 5, 25],
    [0.1, 0.1, 0.025],
  ],
  [
    'cosine',
    { kind: 'cosine', rate: 0.1, decaySteps: 10, floor: 0.1 },
    [0, 3, 10, 20],
    [0.1, 0.08145034, 0.01, 0.01],
  ],
  [
    'warm restarts, longer and lower',
    { kind: 'warmRestarts', rate: 0.1, firstPeriod: 10, rateFactor: 0.5, floor: 0.1 },
    [0, 3, 10, 25, 31, 69],
    [0.1, 0.08145034, 0.055, 0.0165901, 0.03246532, 0.01003468],
  ],
  [
    'warm restarts of equal length',
    { kind: 'warmRestarts', rate: 0.1, firstPeriod: 10, periodFactor: 1, rateFactor: 0.9 },
    [0, 3, 11, 25],
    [0.1, 0.07938927, 0.08779754, 0.0405],
  ],
  [
    'one cycle, as PyTorch gives it',
    { kind: 'oneCycle', rate: 0.1, steps: 10 },
    [0, 1, 2, 5, 9, 20],
    [0.004, 0.052, 0.1, 0.0611262, 4e-7, 4e-7],
  ],
];

it.each(oracles)('%s', (_, schedule, steps, rates) => {
  const found = steps.map((step) => learningRateAt(schedule, step));
  expectClose(found, rates, { absolute: 2e-7 });
});
