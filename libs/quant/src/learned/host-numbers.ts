/** The numbers of a learned layer outside of any graph: values on their grids and the bits of each. */
import { tf } from '@hep/graph';
import { inference } from '@hep/nn';
import type { Shape, Weights } from '@hep/nn';
import type { BitWidths, LearnedQuantiser } from './learned-quantiser.ts';
import type { LearnedLayer } from './learned-layers.ts';

/** Bits of the elements of a tensor, in C order; without sign. */
export interface ElementBits {
  readonly shape: Shape;
  readonly integer: Float32Array;
  readonly fraction: Float32Array;
  /** What a product with the element costs; 0 where the element is always 0. */
  readonly bits: Float32Array;
}

/** Quantised weights with their bits. */
export interface QuantisedTensor extends ElementBits {
  readonly values: Float32Array;
}

/** Kernel and bias of a layer as the hardware holds them. */
export function quantisedWeights(layer: LearnedLayer, own: Weights): Record<string, QuantisedTensor> {
  const names = layer.useBias ? (['kernel', 'bias'] as const) : (['kernel'] as const);
  return Object.fromEntries(
    names.map((name) => {
      const quantiser = layer.quantisers[name];
      const { shape } = own[name];
      const { value, ...bits } = onHost(own, (parameters) => ({
        value: quantiser.apply(parameters, parameters[name], inference()),
        ...spread(quantiser.widthsOf(parameters, parameters[name]), shape),
      }));
      return [name, { shape, ...bits, values: value.map(withoutSignOfZero) }];
    }),
  );
}

const withoutSignOfZero = (value: number) => value + 0;

/** Bits of every element of a tensor that a quantiser quantises; `shape` without a batch axis. */
export function elementBits(quantiser: LearnedQuantiser, own: Weights, shape: Shape): ElementBits {
  return { shape, ...onHost(own, (parameters) => spread(quantiser.widths(parameters), shape)) };
}

/** Bits of groups as bits of each element. */
function spread({ integer, fraction, bits }: BitWidths, shape: Shape): Record<keyof BitWidths, tf.Tensor> {
  const each = (groups: tf.Tensor) => tf.add(tf.zeros([...shape]), groups);
  return { integer: each(integer), fraction: each(fraction), bits: each(bits) };
}

/** Results of a function of parameters, computed on tfjs' `cpu` backend. */
export function onHost<Name extends string>(
  weights: Weights,
  compute: (parameters: Record<string, tf.Tensor>) => Record<Name, tf.Tensor>,
): Record<Name, Float32Array> {
  const previous = tf.getBackend();
  tf.setBackend('cpu');
  try {
    return tf.tidy(() => {
      const tensors = Object.entries(weights).map(([name, { shape, values }]) => [
        name,
        tf.tensor(values, [...shape], 'float32'),
      ]);
      const results = Object.entries<tf.Tensor>(compute(Object.fromEntries(tensors)));
      return Object.fromEntries(
        results.map(([name, result]) => [name, Float32Array.from(result.dataSync())]),
      );
    }) as Record<Name, Float32Array>;
  } finally {
    if (previous !== undefined) tf.setBackend(previous);
  }
}
