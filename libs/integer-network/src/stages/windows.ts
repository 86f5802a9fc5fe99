import { pairOf, windowCount } from '@hep/nn';
import type { Padding, Pair } from '@hep/nn';

/** Windows that slide over an image, as Keras describes them. */
export interface Windows {
  readonly layer: string;
  readonly size: Pair;
  readonly strides: Pair;
  readonly padding: Padding;
}

/** Number of windows along both axes, and the pixel under each tap of each window; -1: beyond the border. */
export interface WindowTable {
  readonly counts: readonly [number, number];
  /** [windows * taps] */
  readonly pixels: Int32Array;
  /** Pixels of a window. */
  readonly taps: number;
}

/** Which pixels of a [height, width] image each window covers, in C order. */
export function windowTable(windows: Windows, height: number, width: number): WindowTable {
  const { layer, padding } = windows;
  const size = pairOf(windows.size);
  const strides = pairOf(windows.strides);
  const axes = [height, width].map((length, axis) => {
    const count = windowCount(layer, length, size[axis], strides[axis], padding);
    const missing = Math.max((count - 1) * strides[axis] + size[axis] - length, 0);
    return { count, first: padding === 'same' ? -Math.floor(missing / 2) : 0 };
  });
  const [rows, columns] = axes;
  const taps = size[0] * size[1];
  const pixels = new Int32Array(rows.count * columns.count * taps);
  let at = 0;
  for (let row = 0; row < rows.count; row++) {
    for (let column = 0; column < columns.count; column++) {
      for (let tap = 0; tap < taps; tap++) {
        const y = rows.first + row * strides[0] + Math.floor(tap / size[1]);
        const x = columns.first + column * strides[1] + (tap % size[1]);
        pixels[at++] = y < 0 || x < 0 || y >= height || x >= width ? -1 : y * width + x;
      }
    }
  }
  return { counts: [rows.count, columns.count], pixels, taps };
}
