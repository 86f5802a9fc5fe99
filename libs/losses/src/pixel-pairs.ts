/** Convolutions of stride 1 with padding `same` on images of 4x4 pixels, seen from pairs of pixels. */

const SIDE = 4;
/** Pixels of an image. */
export const PIXELS = SIDE * SIDE;

/**
 * Which of the kernel's [side, side] elements leads from one pixel to another, counted in C order; -1 where the kernel
 * does not reach.
 */
export function tapBetween(from: number, to: number, side: number): number {
  const before = Math.floor((side - 1) / 2);
  const row = Math.floor(from / SIDE) - Math.floor(to / SIDE) + before;
  const column = (from % SIDE) - (to % SIDE) + before;
  return row < 0 || row >= side || column < 0 || column >= side ? -1 : row * side + column;
}
