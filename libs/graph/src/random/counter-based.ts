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

/** What a stream of a seed mixes its counters with. */
export function keyOf(seed: number, stream: number): number {
  return mix(mix(seed | 0) ^ Math.imul(stream + 1, 0x9e3779b9));
}

/**
 * Fills `out` with uniform numbers in [0, 1) on the grid of 2^-24.
 * @param seed 32-bit integer, for example the training step mixed with the run's seed
 * @param stream which consumer of random numbers, for example the dropout layer's index
 * @param firstIndex index of `out[0]` in the stream
 */
export function fillUniform(out: Float32Array, seed: number, stream: number, firstIndex = 0): void {
  const key = keyOf(seed, stream);
  for (let i = 0; i < out.length; i++) {
    out[i] = (mix((firstIndex + i) ^ key) >>> 8) * 2 ** -24;
  }
}

/** Numbers of 16 bits below this are zeroed. */
export const maskThreshold = (rate: number): number => Math.round(rate * 2 ** 16);

/**
 * Fills `out` with a dropout mask: 0 with probability `rate`, else 1 / (1 - rate). Probabilities are on the grid of
 * 2^-16, two elements for each hash. Parameters as in `fillUniform`.
 */
export function fillMask(
  out: Float32Array,
  rate: number,
  seed: number,
  stream: number,
  firstIndex = 0,
): void {
  const key = keyOf(seed, stream);
  const threshold = maskThreshold(rate);
  const kept = Math.fround(1 / (1 - rate));
  const end = firstIndex + out.length;
  for (let index = firstIndex & ~1; index < end; index += 2) {
    const bits = mix((index >>> 1) ^ key);
    const target = index - firstIndex;
    if (target >= 0) out[target] = kept * isAtLeast(bits & 0xffff, threshold);
    if (target + 1 < out.length) out[target + 1] = kept * isAtLeast(bits >>> 16, threshold);
  }
}

/** 1 if `value >= bound`, else 0, for numbers below 2^31; without a branch, which would be mispredicted. */
function isAtLeast(value: number, bound: number): number {
  return ((value - bound) >> 31) + 1;
}

/** Fills uniform numbers, or a dropout mask where there is a rate. */
export function fillRandom(
  out: Float32Array,
  { stream, rate }: { readonly stream: number; readonly rate?: number },
  seed: number,
  firstIndex = 0,
): void {
  if (rate === undefined) fillUniform(out, seed, stream, firstIndex);
  else fillMask(out, rate, seed, stream, firstIndex);
}
