import { signalOf } from '../signal.ts';
import type { Signal, Stage } from '../signal.ts';

/** Codes on the step `2^(1 - bits)`: rounded down, and below 2 (see `truncate` of `@hep/quant`). */
export function truncateStage(layer: string, input: Signal, bits: number): Stage {
  const exponent = 1 - bits;
  const factor = 2 ** (input.exponent - exponent);
  const highest = 2 ** bits - 1;
  const signal = signalOf(layer, input.shape, exponent, Math.ceil(input.bound * factor));
  const { codes: from } = input;
  const { codes: to } = signal;
  return {
    signal,
    run: () => {
      for (let i = 0; i < to.length; i++) to[i] = Math.min(Math.floor(from[i] * factor), highest);
    },
  };
}
