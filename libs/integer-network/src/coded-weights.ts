import type { KerasLayer, Weights } from '@hep/nn';
import { UserError } from '@hep/options';
import { codeOf, gridOf, printQuantiser, quantiserFromKeras } from '@hep/quant';
import type { Grid } from '@hep/quant';
import { codesFor } from './signal.ts';
import type { CodedTensor } from './signal.ts';
import type { CodedWeights } from './stages/weighted.ts';

/** The weights of a layer as whole numbers. @throws UserError when they have no quantiser with one step */
export function codedWeights(name: string, { config }: KerasLayer, weights: Weights): CodedWeights {
  const coded = (weight: 'kernel' | 'bias'): CodedTensor => {
    const grid = gridIn(name, config, `${weight}_quantizer`);
    const { shape, values } = weights[`${name}/${weight}`];
    const codes = codesFor(name, values.length, Math.max(-grid.lowest, grid.highest));
    values.forEach((value, i) => (codes[i] = codeOf(grid, value)));
    return { codes, shape, exponent: grid.exponent };
  };
  return { name, kernel: coded('kernel'), bias: config['use_bias'] === false ? null : coded('bias') };
}

/** The grid of the quantiser at `key` of a layer's configuration. */
export function gridIn(name: string, config: KerasLayer['config'], key: string): Grid {
  const given = config[key];
  if (given === null || given === undefined) {
    throw new UserError(`layer ${name}: no ${key}, so its numbers are no integers; expected a quantiser`);
  }
  const quantiser = quantiserFromKeras(given);
  const grid = gridOf(quantiser.config);
  if (grid === null) {
    throw new UserError(
      `layer ${name}: ${key} ${printQuantiser(quantiser.config)} has no single step that is a power of two; ` +
        'expected quantized_bits with a fixed alpha, or quantized_relu',
    );
  }
  return grid;
}
