import { tf } from '@hep/graph';
import { kerasLayer } from '../keras-config.ts';
import type { Layer } from '../layer.ts';
import { onlyShape, pairOf } from './windows.ts';
import type { Pair } from './windows.ts';

/** Repeats rows and columns: [B, H, W, C] -> [B, H * size, W * size, C]. `size` is 2 unless given. */
export function upSampling2d(options: { readonly name: string; readonly size?: Pair }): Layer {
  const { name } = options;
  const size = pairOf(options.size ?? 2);
  return {
    name,
    parameters: () => [],
    outputShape: (inputShapes) => {
      const [height, width, channels] = onlyShape(name, inputShapes, 3);
      return [height * size[0], width * size[1], channels];
    },
    apply: (_, [x]) => repeatPixels(x, size),
    kerasConfig: () =>
      kerasLayer('UpSampling2D', name, { size, data_format: 'channels_last', interpolation: 'nearest' }),
  };
}

/** The gradient sums each block itself: tfjs' `cpu` kernel for it is wrong for batches of more than one image. */
function repeatPixels(x: tf.Tensor, [rows, columns]: readonly [number, number]): tf.Tensor {
  const [batch, height, width, channels] = x.shape;
  const repeat = tf.customGrad((image) => ({
    value: tf.image.resizeNearestNeighbor(image as tf.Tensor4D, [height * rows, width * columns]),
    gradFunc: (dy: tf.Tensor) => {
      const blocks = tf.reshape(dy, [batch * height, rows, width, columns, channels]);
      return tf.reshape(tf.sum(blocks, [1, 3]), [batch, height, width, channels]);
    },
  }));
  return repeat(x);
}
