import { tf } from '@hep/graph';
import { kerasLayer } from '../keras-config.ts';
import type { Layer } from '../layer.ts';
import { biasAndActivation, weightedConfig, weightedParameters } from './weighted.ts';
import type { WeightedOptions } from './weighted.ts';
import { onlyShape } from './windows.ts';

/** Options of `dense`. */
export interface DenseOptions extends WeightedOptions {
  readonly name: string;
  readonly units: number;
}

/** `activation(x . kernel + bias)` along the last axis: [B, ..., F] -> [B, ..., units]; kernel [F, units]. */
export function dense(options: DenseOptions): Layer {
  const { name, units } = options;
  return {
    name,
    parameters: (inputShapes) => {
      const shape = onlyShape(name, inputShapes);
      return weightedParameters(options, [shape[shape.length - 1], units], units);
    },
    outputShape: (inputShapes) => [...onlyShape(name, inputShapes).slice(0, -1), units],
    apply: (parameters, [x]) => {
      const features = x.shape[x.shape.length - 1];
      const rows = x.rank === 2 ? x : tf.reshape(x, [x.size / features, features]);
      const sums = tf.matMul(rows as tf.Tensor2D, parameters['kernel'] as tf.Tensor2D);
      const result = biasAndActivation(options, sums, parameters);
      return x.rank === 2 ? result : tf.reshape(result, [...x.shape.slice(0, -1), units]);
    },
    kerasConfig: () => kerasLayer('Dense', name, { units, ...weightedConfig(options) }),
  };
}
