import { tf } from '@hep/graph';
import { kerasLayer } from '../keras-config.ts';
import type { Layer } from '../layer.ts';
import { onlyShape } from './windows.ts';

/** Options of `takeChannel`. */
export interface TakeChannelOptions {
  readonly name: string;
  /** Which element of the last axis. */
  readonly index: number;
  /** Size of the last axis. */
  readonly channels: number;
  /** Axes of the input without the batch: 3 (images) or 4. */
  readonly axes: 3 | 4;
}

/**
 * One channel: [B, ..., C] -> [B, ..., 1]. In Keras a cropping layer that takes the last axes for the spatial ones
 * (`channels_first`), so that no Lambda is needed.
 */
export function takeChannel({ name, index, channels, axes }: TakeChannelOptions): Layer {
  return {
    name,
    parameters: () => [],
    outputShape: (inputShapes) => {
      const shape = onlyShape(name, inputShapes, axes);
      if (shape[axes - 1] !== channels) {
        throw new Error(`layer ${name}: input has ${shape[axes - 1]} channels, expected ${channels}`);
      }
      return [...shape.slice(0, -1), 1];
    },
    apply: (_, [x]) => {
      const rest = x.shape.slice(0, -1);
      return tf.slice(x, [...rest.map(() => 0), index], [...rest, 1]);
    },
    kerasConfig: () => {
      const whole = Array.from({ length: axes - 2 }, () => [0, 0]);
      return kerasLayer(axes === 3 ? 'Cropping2D' : 'Cropping3D', name, {
        cropping: [...whole, [index, channels - 1 - index]],
        data_format: 'channels_first',
      });
    },
  };
}
