import type { Shape } from '@hep/nn';
import { signalOf } from '../signal.ts';
import type { Codes, Signal, Stage } from '../signal.ts';

/** Some elements of a signal in a new shape. */
export function selectStage(layer: string, input: Signal, elements: readonly number[], shape: Shape): Stage {
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

/** Signals side by side along the last axis, in `shape`, brought to the finest step among them. */
export function joinStage(layer: string, inputs: readonly Signal[], shape: Shape): Stage {
  const exponent = Math.min(...inputs.map((input) => input.exponent));
  const bound = Math.max(...inputs.map((input) => input.bound * 2 ** (input.exponent - exponent)));
  const signal = signalOf(layer, shape, exponent, bound);
  const width = shape[shape.length - 1];
  let first = 0;
  const parts = inputs.map(({ codes, shape: own, exponent: from }) => {
    const part = { codes, first, width: own[own.length - 1], factor: 2 ** (from - exponent) };
    first += part.width;
    return part;
  });
  return {
    signal,
    run: () => {
      for (const part of parts) copyColumns(part, signal.codes, width);
    },
  };
}

interface Columns {
  readonly codes: Codes;
  readonly first: number;
  readonly width: number;
  readonly factor: number;
}

/** Writes rows of `columns.width` codes into rows of `width`, from column `columns.first` on. */
function copyColumns({ codes, first, width: own, factor }: Columns, to: Codes, width: number): void {
  for (let from = 0, target = first; from < codes.length; target += width) {
    for (let column = 0; column < own; column++) to[target + column] = codes[from++] * factor;
  }
}
