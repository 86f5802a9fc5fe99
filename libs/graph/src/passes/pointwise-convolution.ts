/**
 * Convolutions whose kernel is one pixel, as matrix products over the channels. ONNX Runtime would transpose the
 * images to channels-first and back for each of them. (For kernels of 3x3 on images of 4x4 to 8x8 pixels its
 * convolutions were measured to be as fast as patches with one matrix product, so those stay.)
 */
import { tf } from '../tfjs.ts';

type Expansion = (inputs: readonly tf.Tensor[]) => tf.Tensor[];

/** Pixels as rows: [batch * height * width, channels]. */
function pixels(image: tf.Tensor): tf.Tensor2D {
  const channels = image.shape[image.shape.length - 1]!;
  return tf.reshape(image, [image.size / channels, channels]);
}

/** Filter [1, 1, in, out] as [in, out]. */
function matrix(filter: tf.Tensor): tf.Tensor2D {
  return tf.reshape(filter, [filter.shape[2]!, filter.shape[3]!]);
}

const withChannels = (image: tf.Tensor, rows: tf.Tensor) =>
  tf.reshape(rows, [...image.shape.slice(0, -1), rows.shape[1]!]);

/** The three convolution operations for kernels of one pixel and stride 1. */
export const pointwiseConvolutions: ReadonlyMap<string, Expansion> = new Map<string, Expansion>([
  ['Conv2D', ([x, filter]) => [withChannels(x!, tf.matMul(pixels(x!), matrix(filter!)))]],
  [
    'Conv2DBackpropInput',
    ([dy, filter]) => [withChannels(dy!, tf.matMul(pixels(dy!), matrix(filter!), false, true))],
  ],
  [
    'Conv2DBackpropFilter',
    ([x, dy]) => {
      const product = tf.matMul(pixels(x!), pixels(dy!), true, false);
      return [tf.reshape(product, [1, 1, ...product.shape])];
    },
  ],
]);
