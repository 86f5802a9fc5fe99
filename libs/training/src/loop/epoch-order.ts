import { fillUniform } from '@hep/graph/random';

const BLOCK = 8192;

/**
 * Order in which an epoch visits the rows: a permutation of 0 .. rows - 1 that depends only on (seed, epoch), so a
 * resumed run makes it again. Fisher and Yates' shuffle, each draw from 48 random bits. The result views a
 * SharedArrayBuffer, so that training threads read it in place.
 * @param epoch counted from 1
 */
export function epochOrder(rows: number, seed: number, epoch: number): Int32Array {
  const order = givenOrder(rows);
  const draws = new Float32Array(Math.min(BLOCK, 2 * rows));
  for (let last = rows - 1, used = 0; last > 0; last--, used += 2) {
    if (used % draws.length === 0) fillUniform(draws, seed, epoch, used);
    const position = used % draws.length;
    const chosen = Math.floor((draws[position] + draws[position + 1] * 2 ** -24) * (last + 1));
    const row = order[last];
    order[last] = order[chosen];
    order[chosen] = row;
  }
  return order;
}

/** The rows as they are: 0 .. rows - 1, in shared memory. */
export function givenOrder(rows: number): Int32Array {
  const order = new Int32Array(new SharedArrayBuffer(rows * Int32Array.BYTES_PER_ELEMENT));
  for (let row = 0; row < rows; row++) order[row] = row;
  return order;
}
