import { signalOf } from '../signal.ts';
import type { Signal, Stage } from '../signal.ts';

/** Some elements of a signal in a new shape. */
export function selectStage(
  layer: string,
  input: Signal,
  elements: readonly number[],
  shape: readonly number[],
): Stage {
  const signal = signalOf(layer, shape, input.exponent, input.bound);
  const { codes: from } = input;
  const { codes: to } = signal;
  const order = Int32Array.from(elements);
  return {
    signal,
    run: () => {
      for (let i = 0; i < order.length; i++) to[i] = from[order[i]];
    },
  };
}

/** Vectors behind each other, brought to the finest step among them. */
export function joinStage(layer: string, inputs: readonly Signal[]): Stage {
  const exponent = Math.min(...inputs.map((input) => input.exponent));
  const factors = inputs.map((input) => 2 ** (input.exponent - exponent));
  const bound = Math.max(...inputs.map((input, i) => input.bound * factors[i]));
  const size = inputs.reduce((sum, input) => sum + input.codes.length, 0);
  const signal = signalOf(layer, [size], exponent, bound);
  const { codes: to } = signal;
  return {
    signal,
    run: () => {
      let at = 0;
      inputs.forEach(({ codes }, k) => {
        for (let i = 0; i < codes.length; i++) to[at++] = codes[i] * factors[k];
      });
    },
  };
}
