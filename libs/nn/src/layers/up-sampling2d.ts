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
    apply: (_, [x]) => {
      const target: [number, number] = [x.shape[1]! * size[0], x.shape[2]! * size[1]];
      return tf.image.resizeNearestNeighbor(x as tf.Tensor4D, target);
    },
    kerasConfig: () =>
      kerasLayer('UpSampling2D', name, { size, data_format: 'channels_last', interpolation: 'nearest' }),
  };
}
