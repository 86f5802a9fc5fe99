/**
 * Counter-based random numbers: element `index` of stream `stream` depends on nothing else than
 * (seed, stream, index), so any engine, any replica and any resumed run draws the same values.
 * The mixer is the 32-bit finaliser `lowbias32` (C. Wellons, Hash Function Prospector): over the key, then over
 * key and index.
 */
function mix(value: number): number {
  let x = value | 0;
  x = Math.imul(x ^ (x >>> 16), 0x21f0aaad);
  x = Math.imul(x ^ (x >>> 15), 0x735a2d97);
  return x ^ (x >>> 15);
}

/**
 * Fills `out` with uniform numbers in [0, 1) on the grid of 2^-24.
 * @param seed 32-bit integer, for example the training step mixed with the run's seed
 * @param stream which consumer of random numbers, for example the dropout layer's index
 * @param firstIndex index of `out[0]` in the stream
 */
export function fillUniform(out: Float32Array, seed: number, stream: number, firstIndex = 0): void {
  const key = mix(mix(seed | 0) ^ Math.imul(stream + 1, 0x9e3779b9));
  for (let i = 0; i < out.length; i++) {
    out[i] = (mix((firstIndex + i) ^ key) >>> 8) * 2 ** -24;
  }
}
