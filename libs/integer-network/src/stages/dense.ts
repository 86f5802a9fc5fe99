import type { Signal, Stage } from '../signal.ts';
import { sumsOf } from './weighted.ts';
import type { CodedWeights } from './weighted.ts';

/** `input . kernel + bias` of one row: [F] -> [units]. */
export function denseStage(input: Signal, weights: CodedWeights): Stage {
  const [features, units] = weights.kernel.shape;
  const { kernel, bias, signal } = sumsOf(weights, input, [units]);
  const { codes: from } = input;
  const { codes: sums } = signal;
  return {
    signal,
    run: () => {
      sums.set(bias);
      for (let feature = 0, start = 0; feature < features; feature++, start += units) {
        const value = from[feature];
        if (value === 0) continue;
        for (let unit = 0; unit < units; unit++) sums[unit] += value * kernel[start + unit];
      }
    },
  };
}
