/** Batches of charges [batch, 48] to images [batch, height, width, channels] and back. */
import type { Arrangement, PixelIndex } from './arrangements.ts';
import { TRIGGER_CELLS } from './trigger-cells.ts';

/** Float arrays of a batch. */
export type Floats = Float32Array | Float64Array;

/**
 * The pixel that defines each trigger cell's charge, [48]: its visible pixel, or its defining pixel when some cell is
 * visible twice (Ecoder study, denseCNN.invertArrange).
 * @throws RangeError when the arrangement does not show exactly the cells 0..47, or repeats one without a choice
 */
export function definingPixels({
  cells,
  visible,
  defining,
}: Arrangement): Int32Array & ArrayLike<PixelIndex> {
  const shown = new Set<number>(cells);
  if (
    shown.size !== TRIGGER_CELLS ||
    cells.some((cell) => !(Number.isInteger(cell) && cell >= 0 && cell < TRIGGER_CELLS))
  ) {
    throw new RangeError(
      `arrangement shows ${shown.size} different cells; expected exactly the cells 0 to 47`,
    );
  }
  const seen = cells.filter((_, pixel) => visible[pixel]);
  const repeats = new Set(seen).size < seen.length;
  const chosen = defining.filter(Boolean).length;
  if (repeats && chosen !== TRIGGER_CELLS) {
    throw new RangeError(
      `arrangement repeats visible cells and has ${chosen} defining pixels; expected one per cell, 48`,
    );
  }
  const pixels = new Int32Array(TRIGGER_CELLS).fill(-1);
  cells.forEach((cell, pixel) => {
    if (repeats ? defining[pixel] : visible[pixel]) pixels[cell] = pixel;
  });
  const absent = pixels.indexOf(-1);
  if (absent >= 0) throw new RangeError(`arrangement has no pixel to read trigger cell ${absent} from`);
  return pixels as Int32Array & ArrayLike<PixelIndex>;
}

/**
 * Images of a batch of charges: pixel p shows `cells[p]`, hidden pixels are zero.
 * @param charges [batch, 48]
 * @param images where to write [batch, pixels]; a new array of the same type by default
 * @throws RangeError when a length does not fit
 */
export function imageFromCharges<T extends Floats>(arrangement: Arrangement, charges: T, images?: T): T {
  const { cells, visible } = arrangement;
  const size = cells.length;
  const batch = batchSize(charges, TRIGGER_CELLS, 'charges');
  const target = images ?? emptyLike(charges, batch * size);
  expectLength(target, batch * size, 'images');
  for (let row = 0; row < batch; row++) {
    for (let p = 0; p < size; p++) {
      target[row * size + p] = visible[p] ? charges[row * TRIGGER_CELLS + cells[p]] : 0;
    }
  }
  return target;
}

/**
 * Charges of a batch of images, read at the defining pixels; a hidden pixel counts as zero whatever it holds.
 * @param images [batch, pixels]
 * @param charges where to write [batch, 48]; a new array of the same type by default
 * @throws RangeError when a length does not fit, or as `definingPixels`
 */
export function chargesFromImage<T extends Floats>(arrangement: Arrangement, images: T, charges?: T): T {
  const pixels = definingPixels(arrangement);
  const size = arrangement.cells.length;
  const batch = batchSize(images, size, 'images');
  const target = charges ?? emptyLike(images, batch * TRIGGER_CELLS);
  expectLength(target, batch * TRIGGER_CELLS, 'charges');
  for (let row = 0; row < batch; row++) {
    for (let cell = 0; cell < TRIGGER_CELLS; cell++) {
      const pixel = pixels[cell];
      target[row * TRIGGER_CELLS + cell] = arrangement.visible[pixel] ? images[row * size + pixel] : 0;
    }
  }
  return target;
}

/** Sets the hidden pixels of a batch of images [batch, pixels] to zero, in place. */
export function hideMaskedPixels({ cells, visible }: Arrangement, images: Floats): void {
  batchSize(images, cells.length, 'images');
  for (let i = 0; i < images.length; i++) {
    if (!visible[i % cells.length]) images[i] = 0;
  }
}

function batchSize(values: Floats, width: number, what: string): number {
  if (values.length % width !== 0) {
    throw new RangeError(`${what}: ${values.length} numbers; expected a multiple of ${width}`);
  }
  return values.length / width;
}

function expectLength(values: Floats, length: number, what: string): void {
  if (values.length !== length) throw new RangeError(`${what}: ${values.length} numbers; expected ${length}`);
}

function emptyLike<T extends Floats>(values: T, length: number): T {
  return (values instanceof Float32Array ? new Float32Array(length) : new Float64Array(length)) as T;
}
