import type { Signal, Stage } from '../signal.ts';
import { sumsOf } from './weighted.ts';
import type { CodedWeights } from './weighted.ts';
import { windowTable } from './windows.ts';
import type { Windows } from './windows.ts';

/** Convolution of one image [H, W, C] -> [H', W', filters]; kernel [kh, kw, C, filters]. */
export function convolutionStage(input: Signal, windows: Windows, weights: CodedWeights): Stage {
  const [height, width, channels] = input.shape;
  const filters = weights.kernel.shape[3];
  const { counts, pixels, taps } = windowTable(windows, height, width);
  const { kernel, bias, signal } = sumsOf(weights, input, [...counts, filters]);
  const { codes: from } = input;
  const { codes: sums } = signal;
  const addPixel = (pixel: number, tap: number, target: number) => {
    for (let channel = 0; channel < channels; channel++) {
      const value = from[pixel * channels + channel];
      if (value === 0) continue;
      const start = (tap * channels + channel) * filters;
      for (let filter = 0; filter < filters; filter++)
        sums[target + filter] += value * kernel[start + filter];
    }
  };
  return {
    signal,
    run: () => {
      for (let target = 0, first = 0; first < pixels.length; target += filters, first += taps) {
        sums.set(bias, target);
        for (let tap = 0; tap < taps; tap++) {
          const pixel = pixels[first + tap];
          if (pixel >= 0) addPixel(pixel, tap, target);
        }
      }
    },
  };
}
