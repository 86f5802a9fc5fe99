/**
 * The EMD network as it is computed: both orders of the two images are the halves of one batch, and every layer is one
 * matrix product. A 5x5 convolution of a 4x4 image reaches 77 % of the pairs of pixels, so as a product it multiplies
 * less than over patches, and at the speed of large matrices.
 */
import { tf } from '@hep/graph';
import { normaliseUses, withinPath } from '@hep/nn';
import type { Context, Parameters } from '@hep/nn';
import { PIXELS, tapBetween } from './pixel-pairs.ts';

const ORDERS = 2;

/**
 * Mean of the base network's estimates for images (a, b) and (b, a), each [B, 4, 4, 3]: [B, 1]. BatchNormalization
 * takes statistics of each order by itself, as Keras does when it calls the base network twice.
 */
export function inBothOrders(
  { convolutions, denseLayers }: { readonly convolutions: number; readonly denseLayers: number },
  parameters: Parameters,
  [a, b]: readonly tf.Tensor[],
  context: Context,
): tf.Tensor {
  const rows = a.shape[0];
  const base = withinPath(parameters, 'base_model');
  const normalised = (product: tf.Tensor, layer: string, normalisation: string, images: boolean) => {
    const bias = base[`${layer}/bias`];
    const channels = bias.size;
    const x = tf.reshape(product, [ORDERS, product.size / ORDERS / channels, channels]);
    const own = context.within('base_model').within(normalisation);
    const y = normaliseUses(withinPath(base, normalisation), { x, bias, images }, own);
    return tf.reshape(tf.relu(y), product.shape);
  };
  const pairs = tf.concat([tf.concat([a, b], 3), tf.concat([b, a], 3)], 0);
  let x: tf.Tensor = tf.reshape(pairs, [ORDERS * rows, pairs.size / ORDERS / rows]);
  for (let i = 1; i <= convolutions; i++) {
    const product = tf.matMul(x, pixelMatrix(base[`conv2d_${i}/kernel`]));
    x = normalised(product, `conv2d_${i}`, `batchnorm_${i}`, true);
  }
  for (let i = 1; i <= denseLayers; i++) {
    const product = tf.matMul(x, base[`dense_${i}/kernel`]);
    x = normalised(product, `dense_${i}`, `batchnorm${convolutions + i}`, false);
  }
  const distances = tf.add(tf.matMul(x, base['output/kernel']), base['output/bias']);
  return tf.mean(tf.reshape(distances, [ORDERS, rows, 1]), 0);
}

/** The convolution with a kernel [side, side, channels, filters] as a matrix [16 channels, 16 filters]. */
function pixelMatrix(kernel: tf.Tensor): tf.Tensor {
  const [side, , channels, filters] = kernel.shape;
  const reach = new Float32Array(PIXELS * PIXELS * side * side);
  for (let from = 0; from < PIXELS; from++) {
    for (let to = 0; to < PIXELS; to++) {
      const tap = tapBetween(from, to, side);
      if (tap >= 0) reach[(from * PIXELS + to) * side * side + tap] = 1;
    }
  }
  const taps = tf.reshape(kernel, [side * side, channels * filters]);
  const pairs = tf.matMul(tf.tensor2d(reach, [PIXELS * PIXELS, side * side]), taps);
  const byPixel = tf.transpose(tf.reshape(pairs, [PIXELS, PIXELS, channels, filters]), [0, 2, 1, 3]);
  return tf.reshape(byPixel, [PIXELS * channels, PIXELS * filters]);
}
