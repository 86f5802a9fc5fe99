import { chipTensors, packChipWeights, WEIGHT_FRACTION_BITS } from '@hep/econ-t';
import type { ChipWeights } from '@hep/econ-t';
import { codeOf, weightCodes } from '@hep/quant';
import type { Grid } from '@hep/quant';
import type { Network, Weights } from '@hep/nn';

/** Weight registers of the chip for an encoder. */
export interface ChipRegisters {
  /** Hexadecimal texts, register 0 first. */
  readonly registers: readonly string[];
  /** Weights whose value the chip does not have: they are rounded or saturated. */
  readonly changed: number;
}

/** quantized_bits(6,0): the chip's weights. */
const chipGrid: Grid = { exponent: -WEIGHT_FRACTION_BITS, lowest: -32, highest: 31 };

/**
 * The registers that hold a quantised encoder of the chip's sizes: one convolution of 72 weights, one dense layer of
 * 2048; null for any other network.
 */
export function chipRegisters(encoder: Network, weights: Weights): ChipRegisters | null {
  const tensors = weightCodes(encoder, weights);
  const fits =
    tensors.length === chipTensors.length &&
    tensors.every(({ values }, i) => values.length === chipTensors[i][1]);
  if (!fits) return null;
  let changed = 0;
  const codes = tensors.map(({ values }) =>
    Int8Array.from(values, (value) => {
      const code = codeOf(chipGrid, value);
      changed += Number(code * 2 ** chipGrid.exponent !== value);
      return code;
    }),
  );
  const packed = Object.fromEntries(chipTensors.map(([name], i) => [name, codes[i]]));
  return { registers: packChipWeights(packed as unknown as ChipWeights), changed };
}
