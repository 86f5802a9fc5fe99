/** Learning rate as a function of the step, Keras 2.15's formulas. */
export type Schedule =
  | { readonly kind: 'constant'; readonly rate: number }
  /** `rates[i]` up to and including step `boundaries[i]`, the last rate after that. */
  | { readonly kind: 'step'; readonly boundaries: readonly number[]; readonly rates: readonly number[] }
  /** `rate * decay^(step / decaySteps)`; with `staircase` the exponent is rounded down. */
  | {
      readonly kind: 'exponential';
      readonly rate: number;
      readonly decaySteps: number;
      readonly decay: number;
      readonly staircase?: boolean;
    }
  /** Half a cosine from `rate` down to `floor * rate` after `decaySteps`. `floor` is 0 unless given. */
  | { readonly kind: 'cosine'; readonly rate: number; readonly decaySteps: number; readonly floor?: number }
  /**
   * Cosine that starts again after `firstPeriod` steps; every period is `periodFactor` (2) times as long and `rateFactor`
   * (1) times as high above the floor as the one before it.
   */
  | {
      readonly kind: 'warmRestarts';
      readonly rate: number;
      readonly firstPeriod: number;
      readonly periodFactor?: number;
      readonly rateFactor?: number;
      readonly floor?: number;
    }
  /**
   * One cycle (Smith and Topin, arXiv:1708.07120) as PyTorch and fastai anneal it: half a cosine up from `rate / 25`
   * over the first 30 % of the steps, another down to `rate / 250000` at the last.
   */
  | { readonly kind: 'oneCycle'; readonly rate: number; readonly steps: number };

/** Share of one cycle in which the rate rises, and how far below its peak it starts and ends. */
const RISE = 0.3;
const START = 1 / 25;
const END = START / 1e4;

/** Learning rate of a step; `step` counts finished updates, so training starts at 0. */
export function learningRateAt(schedule: Schedule, step: number): number {
  switch (schedule.kind) {
    case 'constant':
      return schedule.rate;
    case 'step': {
      const passed = schedule.boundaries.filter((boundary) => step > boundary).length;
      return schedule.rates[passed];
    }
    case 'exponential': {
      const exponent = step / schedule.decaySteps;
      return schedule.rate * schedule.decay ** (schedule.staircase ? Math.floor(exponent) : exponent);
    }
    case 'cosine':
      return schedule.rate * above(schedule.floor, halfCosine(Math.min(step / schedule.decaySteps, 1)));
    case 'warmRestarts': {
      const { periods, progress } = sinceRestart(step / schedule.firstPeriod, schedule.periodFactor ?? 2);
      const height = (schedule.rateFactor ?? 1) ** periods * halfCosine(progress);
      return schedule.rate * above(schedule.floor, height);
    }
    case 'oneCycle':
      return schedule.rate * oneCycle(step, schedule.steps);
  }
}

/** Part of the peak rate. */
function oneCycle(step: number, steps: number): number {
  const peak = Math.max(0, RISE * steps - 1);
  if (step < peak) return above(START, 1 - halfCosine(step / peak));
  const last = Math.max(steps - 1, peak + 1);
  return above(END, halfCosine(Math.min(1, (step - peak) / (last - peak))));
}

/** From 1 at the start of a period to 0 at its end. */
function halfCosine(progress: number): number {
  return 0.5 * (1 + Math.cos(Math.PI * progress));
}

/** Squeezes [0, 1] into [floor, 1]. */
function above(floor: number | undefined = 0, height: number): number {
  return floor + (1 - floor) * height;
}

/** Finished periods and the finished part of the current one; `elapsed` in units of the first period. */
function sinceRestart(
  elapsed: number,
  factor: number,
): { readonly periods: number; readonly progress: number } {
  let periods = 0;
  let length = 1;
  let rest = elapsed;
  if (factor === 1) return { periods: Math.floor(elapsed), progress: elapsed % 1 };
  while (rest >= length) {
    rest -= length;
    length *= factor;
    periods++;
  }
  return { periods, progress: rest / length };
}
