import { existsSync } from 'node:fs';
import { tf } from '@hep/graph';
import { inference } from '@hep/nn';
import type { Layer } from '@hep/nn';
import { goldenJson, goldenPath } from '@hep/test-support';
import { qConv2d } from '../layers/qconv2d.ts';
import { qDense } from '../layers/qdense.ts';
import { flat } from './golden.ts';
import type { Nested } from './golden.ts';

type Tensors =
  'x' | 'kernel' | 'bias' | 'qkernel' | 'out' | 'grad_sumsq_x' | 'grad_sumsq_kernel' | 'grad_sumsq_bias';

/** A layer of the golden file. */
export interface GoldenLayer extends Readonly<Record<Tensors, Nested>> {
  readonly name: string;
  readonly kind: 'dense' | 'conv_same_s1' | 'conv_same_s2' | 'conv_valid';
  readonly kernel_quantizer: string;
  readonly bias_quantizer: string;
  readonly activation: string | null;
}

/** The golden layers; null where the file is not there. */
export function goldenLayers(): GoldenLayer[] | null {
  return existsSync(goldenPath('quant', 'layers.json'))
    ? goldenJson<GoldenLayer[]>('quant', 'layers.json')
    : null;
}

/** A nested list as an input of a runner. */
export function hostTensor(nested: Nested) {
  const shape: number[] = [];
  for (let inner = nested; Array.isArray(inner); inner = inner[0]) shape.push(inner.length);
  return { shape, values: flat(nested) };
}

/** The layer that a golden entry describes. */
export function layerOf(golden: GoldenLayer): Layer {
  const options = {
    name: 'layer',
    kernelQuantiser: golden.kernel_quantizer,
    biasQuantiser: golden.bias_quantizer,
    activation: golden.activation ?? undefined,
  };
  const last = hostTensor(golden.bias).shape[0];
  if (golden.kind === 'dense') return qDense({ ...options, units: last });
  return qConv2d({
    ...options,
    filters: last,
    kernelSize: 3,
    strides: golden.kind === 'conv_same_s2' ? 2 : 1,
    padding: golden.kind === 'conv_valid' ? 'valid' : 'same',
  });
}

/** Result of a layer and the gradients of the sum of its squares. */
export function withGradients(layer: Layer) {
  const apply = (x: tf.Tensor, kernel: tf.Tensor, bias: tf.Tensor) =>
    layer.apply({ kernel, bias }, [x], inference());
  return ({ x, kernel, bias }: Record<string, tf.Tensor>) => {
    const squares = (...given: tf.Tensor[]) => tf.sum(tf.square(apply(given[0], given[1], given[2])));
    const [gradX, gradKernel, gradBias] = tf.grads(squares)([x, kernel, bias]);
    return {
      out: apply(x, kernel, bias),
      grad_sumsq_x: gradX,
      grad_sumsq_kernel: gradKernel,
      grad_sumsq_bias: gradBias,
    };
  };
}
