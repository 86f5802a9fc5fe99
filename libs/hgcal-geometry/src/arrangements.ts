/** Pictures of a module: which trigger cell each pixel of a network's input image shows. */
import { CELLS_PER_SECTOR, TRIGGER_CELLS } from './trigger-cells.ts';
import type { TriggerCellIndex } from './trigger-cells.ts';

declare const pixelBrand: unique symbol;
/** Flat index of an image's number, row-major with the channel last. */
export type PixelIndex = number & { readonly [pixelBrand]: true };

/** A picture of the 48 trigger cells. All lists have height * width * channels entries, in flat pixel order. */
export interface Arrangement {
  /** [height, width, channels]. */
  readonly shape: readonly [height: number, width: number, channels: number];
  /** Trigger cell shown by each pixel. */
  readonly cells: readonly TriggerCellIndex[];
  /** False where a pixel is forced to zero. */
  readonly visible: readonly boolean[];
  /** True at the one pixel of each cell that defines its charge when an image is read back. */
  readonly defining: readonly boolean[];
}

const pixels = (text: string) => text.split(/\s+/).filter(Boolean).map(Number) as TriggerCellIndex[];
const bits = (text: string) => [...text.replace(/\s/g, '')].map((bit) => bit === '1');
const all = <T>(length: number, value: T) => Array.from({ length }, () => value);

const cells8x8 = pixels(`
  28 29 30 31  0  4  8 12
  24 25 26 27  1  5  9 13
  20 21 22 23  2  6 10 14
  16 17 18 19  3  7 11 15
  47 43 39 35 35 34 33 32
  46 42 38 34 39 38 37 36
  45 41 37 33 43 42 41 40
  44 40 36 32 47 46 45 44`);

const cells8x8Second = pixels(`
  44 45 46 47 16 20 24 28
  40 41 42 43 17 21 25 29
  36 37 38 39 18 22 26 30
  32 33 34 35 19 23 27 31
  15 11  7  3  3  2  1  0
  14 10  6  2  7  6  5  4
  13  9  5  1 11 10  9  8
  12  8  4  0 15 14 13 12`);

/** The lower right quarter repeats the lower left one: hidden. */
const withoutRepeats = bits('11111111'.repeat(4) + '11110000'.repeat(4));
const split = bits('11111111'.repeat(5) + '11100111 11000011 10000001');
/** As `split`, but for one pixel that kakwok/Ecoder's train.py leaves out. */
const kakwokSplit = bits('11111111'.repeat(5) + '11100111 11000001 10000001');
/** The first visible pixel of each cell in either of the two. */
const splitDefining = bits('11111111'.repeat(4) + '11110111 11100011 11000001 10000000');

/** One 6x6 picture per sector, each with a ring of its neighbours. */
const sectors6x6 = pixels(`
  0  0  0  0  0  0   0 12 13 14 15 32   0  8  9 10 11 33   0  4  5  6  7 34   0  0  1  2  3 35   0 31 27 23 19  0
  0  0  0  0  0  0   0 28 29 30 31  0   0 24 25 26 27  1   0 20 21 22 23  2   0 16 17 18 19  3   0 47 43 39 35  0
  0  0  0  0  0  0   0 44 45 46 47 16   0 40 41 42 43 17   0 36 37 38 39 18   0 32 33 34 35 19   0 15 11  7  3  0`);
const ringVisible = bits(('000000' + '011111'.repeat(4) + '011110').repeat(3));
const ringDefining = bits(('000000' + '011110'.repeat(4) + '000000').repeat(3));

/** From [sector][row][column] to channels last. */
const channelsLast = <T>(values: readonly T[]) =>
  values.map((_, p) => values[(p % 3) * 36 + Math.floor(p / 3)]);

const sectorsAsChannels = Array.from(
  { length: TRIGGER_CELLS },
  (_, p) => ((p % 3) * CELLS_PER_SECTOR + Math.floor(p / 3)) as TriggerCellIndex,
);

/**
 * The arrangements of the Ecoder study (networks.py, arrange_dict; kakwok's train.py and martinModels.py).
 *
 * - `4x4x3`: one channel per sector.
 * - `8x8`: three 4x4 sectors unfolded into a square, the fourth quarter hidden. `8x8_v2` starts from another sector;
 *   `8x8_dup` shows the repeated quarter, `8x8_split` half of it on either side, `8x8_kakwok` the same less one pixel.
 * - `6x6x3`: sectors with a ring of neighbours, flat order [sector][row][column] although the shape says channels last
 *   (the study trained on it like this); `6x6x3_tp` is the same with a correct channels-last order.
 */
export const arrangements = {
  '4x4x3': { shape: [4, 4, 3], cells: sectorsAsChannels, visible: all(48, true), defining: all(48, true) },
  '8x8': { shape: [8, 8, 1], cells: cells8x8, visible: withoutRepeats, defining: withoutRepeats },
  '8x8_v2': { shape: [8, 8, 1], cells: cells8x8Second, visible: withoutRepeats, defining: withoutRepeats },
  '8x8_dup': { shape: [8, 8, 1], cells: cells8x8, visible: all(64, true), defining: withoutRepeats },
  '8x8_split': { shape: [8, 8, 1], cells: cells8x8, visible: split, defining: splitDefining },
  '8x8_kakwok': { shape: [8, 8, 1], cells: cells8x8, visible: kakwokSplit, defining: splitDefining },
  '6x6x3': { shape: [6, 6, 3], cells: sectors6x6, visible: ringVisible, defining: ringDefining },
  '6x6x3_tp': {
    shape: [6, 6, 3],
    cells: channelsLast(sectors6x6),
    visible: channelsLast(ringVisible),
    defining: channelsLast(ringDefining),
  },
} as const satisfies Record<string, Arrangement>;

/** Name of a built-in arrangement. */
export type ArrangementName = keyof typeof arrangements;
