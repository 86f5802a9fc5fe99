import type { Grid } from '@hep/quant';
import { roundHalfEven } from '@hep/statistics';
import { signalOf } from '../signal.ts';
import type { Signal, Stage } from '../signal.ts';

/** Codes on another grid: rounded half to even, saturated. */
export function requantiseStage(layer: string, input: Signal, grid: Grid): Stage {
  const { exponent, lowest, highest } = grid;
  const signal = signalOf(layer, input.shape, exponent, Math.max(-lowest, highest));
  const factor = 2 ** (input.exponent - exponent);
  const { codes: from } = input;
  const { codes: to } = signal;
  return {
    signal,
    run: () => {
      for (let i = 0; i < to.length; i++) {
        const code = roundHalfEven(from[i] * factor);
        to[i] = code < lowest ? lowest : code > highest ? highest : code;
      }
    },
  };
}
