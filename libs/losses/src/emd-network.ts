/** A network that learns the earth mover's distance of two patterns of trigger cells. */
import {
  activation,
  average,
  batchNormalization,
  chain,
  concatenate,
  connect,
  conv2d,
  dense,
  flatten,
  input,
  l2,
  modelOf,
  network,
} from '@hep/nn';
import type { Layer, NetworkModel, NetworkNode } from '@hep/nn';
import { inBothOrders } from './both-orders.ts';

/** Size of an EMD network; defaults are those of the best one of the Ecoder study. */
export interface EmdNetworkOptions {
  /** Default 32. */
  readonly filters?: number;
  /** Default 5. */
  readonly kernelSize?: number;
  /** Default 3. */
  readonly convolutions?: number;
  /** Default 256. */
  readonly denseUnits?: number;
  /** Default 1. */
  readonly denseLayers?: number;
}

/** The options with their defaults. */
export function emdNetworkSize(options: EmdNetworkOptions = {}): Required<EmdNetworkOptions> {
  return { filters: 32, kernelSize: 5, convolutions: 3, denseUnits: 256, denseLayers: 1, ...options };
}

const IMAGE = [4, 4, 3] as const;
const PENALTY = l2(1e-4);

/**
 * EMD of two images `input_1`, `input_2` [B, 4, 4, 3] (arrangement 4x4x3, each pattern divided by its sum) as output
 * `average` [B, 1], in sensor cells: the mean of one network applied in both orders. Convolutions and dense layers are
 * each followed by BatchNormalization and ReLU; their kernels carry an L2 penalty of 1e-4. `network` describes this layer
 * by layer, `apply` computes it with matrix products.
 */
export function emdNetwork(options: EmdNetworkOptions = {}): NetworkModel {
  const a = input('input_1', IMAGE);
  const b = input('input_2', IMAGE);
  const base = network('base_model', [a, b], [baseOutput(options, a, b)]);
  const both = [connect(base, a, b), connect(base, b, a)];
  const model = modelOf(network('sym_model', [a, b], [connect(average({ name: 'average' }), ...both)]));
  const { convolutions, denseLayers } = emdNetworkSize(options);
  return {
    ...model,
    apply: (parameters, { input_1, input_2 }, context) => ({
      average: inBothOrders({ convolutions, denseLayers }, parameters, [input_1, input_2], context),
    }),
  };
}

function baseOutput(options: EmdNetworkOptions, a: NetworkNode, b: NetworkNode): NetworkNode {
  const { filters, kernelSize, convolutions, denseUnits, denseLayers } = emdNetworkSize(options);
  const convolution = (i: number): Layer[] => [
    conv2d({ name: `conv2d_${i}`, filters, kernelSize, padding: 'same', kernelRegulariser: PENALTY }),
    batchNormalization({ name: `batchnorm_${i}` }),
    activation({ name: `relu_${i}`, activation: 'relu' }),
  ];
  const hidden = (i: number): Layer[] => [
    dense({ name: `dense_${i}`, units: denseUnits, kernelRegulariser: PENALTY }),
    batchNormalization({ name: `batchnorm${convolutions + i}` }),
    activation({ name: `relu_${convolutions + i}`, activation: 'relu' }),
  ];
  const counted = (count: number) => Array.from({ length: count }, (_, i) => i + 1);
  return chain(connect(concatenate({ name: 'concat' }), a, b), [
    ...counted(convolutions).flatMap(convolution),
    flatten({ name: 'flatten' }),
    ...counted(denseLayers).flatMap(hidden),
    dense({ name: 'output', units: 1 }),
  ]);
}
