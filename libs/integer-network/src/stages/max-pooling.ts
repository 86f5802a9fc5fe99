import { signalOf } from '../signal.ts';
import type { Signal, Stage } from '../signal.ts';
import { windowTable } from './windows.ts';
import type { Windows } from './windows.ts';

/** Largest code of each window: [H, W, C] -> [H', W', C]. */
export function maxPoolingStage(input: Signal, windows: Windows): Stage {
  const [height, width, channels] = input.shape;
  const { counts, pixels, taps } = windowTable(windows, height, width);
  const signal = signalOf(windows.layer, [...counts, channels], input.exponent, input.bound);
  const { codes: from } = input;
  const { codes: to } = signal;
  const largest = (first: number, channel: number) => {
    let most = -Infinity;
    for (let tap = first; tap < first + taps; tap++) {
      if (pixels[tap] >= 0) most = Math.max(most, from[pixels[tap] * channels + channel]);
    }
    return most;
  };
  return {
    signal,
    run: () => {
      for (let target = 0, first = 0; first < pixels.length; first += taps) {
        for (let channel = 0; channel < channels; channel++) to[target++] = largest(first, channel);
      }
    },
  };
}
