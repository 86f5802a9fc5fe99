import { tf } from '@hep/graph';
import { kerasLayer } from '../keras-config.ts';
import type { Layer } from '../layer.ts';
import { onlyShape } from './windows.ts';

/** Options of `takeChannel`. */
export interface TakeChannelOptions {
  readonly name: string;
  /** Which element of the last axis. */
  readonly index: number;
  /** Keep the last axis with size 1; default true. */
  readonly keepAxis?: boolean;
}

/** One channel: [B, ..., C] -> [B, ..., 1], or [B, ...] without `keepAxis`. A Lambda layer in Keras. */
export function takeChannel(options: TakeChannelOptions): Layer {
  const { name, index, keepAxis = true } = options;
  return {
    name,
    parameters: () => [],
    outputShape: (inputShapes) => {
      const rest = onlyShape(name, inputShapes).slice(0, -1);
      return keepAxis ? [...rest, 1] : rest;
    },
    apply: (_, [x]) => {
      const rest = x.shape.slice(0, -1);
      const begin = [...rest.map(() => 0), index];
      const channel = tf.slice(x, begin, [...rest, 1]);
      return keepAxis ? channel : tf.reshape(channel, rest);
    },
    kerasConfig: () => kerasLayer('Lambda', name),
  };
}
