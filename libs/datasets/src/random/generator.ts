/** Seeded random numbers: xoshiro128** (Blackman and Vigna 2018), its state filled by splitmix32. */

/** A stream of random numbers; equal seeds give equal streams on every machine. */
export interface Generator {
  /** Uniform in [0, 1), 53 random bits. */
  uniform(): number;
  /** Standard normal (Box-Muller, one of the pair). */
  normal(): number;
  /** Uniform integer in 0..n-1. */
  integer(n: number): number;
  /** Exponential with mean 1. */
  exponential(): number;
  /** Poisson with this mean: products of uniforms, means above 16 as sums of smaller ones. */
  poisson(mean: number): number;
  /** The numbers 0..n-1 in random order (Fisher-Yates). */
  permutation(n: number): Int32Array<ArrayBuffer>;
  /** Goes to the start of stream `stream` of `seed`; streams are independent of each other. */
  reset(seed: number, stream?: number): void;
  /** Four 32-bit numbers that {@link Generator.restore} takes to go on from here. */
  state(): readonly number[];
  restore(state: readonly number[]): void;
}

/**
 * Makes a generator.
 * @param seed any number; its lower 53 bits count
 * @param stream which of the independent streams of this seed, for example a row
 */
export function createGenerator(seed: number, stream = 0): Generator {
  const words = new Int32Array(4);

  const next = (): number => {
    const s1 = words[1];
    const scrambled = Math.imul(s1, 5);
    const result = Math.imul((scrambled << 7) | (scrambled >>> 25), 9);
    const s2 = words[2] ^ words[0];
    const s3 = words[3] ^ s1;
    words[1] = s1 ^ s2;
    words[0] ^= s3;
    words[2] = s2 ^ (s1 << 9);
    words[3] = (s3 << 11) | (s3 >>> 21);
    return result;
  };

  const reset = (newSeed: number, newStream = 0): void => {
    let key = mix(newSeed | 0) ^ mix(Math.floor(newSeed / 2 ** 32) + 0x51ed270b);
    key = mix(key + mix(newStream ^ 0x2545f491)) ^ mix(Math.floor(newStream / 2 ** 32));
    for (let i = 0; i < 4; i++) words[i] = mix((key += 0x9e3779b9) ^ Math.imul(newStream, i));
    if ((words[0] | words[1] | words[2] | words[3]) === 0) words[0] = 1;
  };

  const uniform = () => ((next() >>> 5) * 2 ** 26 + (next() >>> 6)) * 2 ** -53;
  const exponential = () => -Math.log(1 - uniform());
  const integer = (n: number) => Math.floor(uniform() * n);

  reset(seed, stream);
  return {
    uniform,
    normal: () => Math.sqrt(2 * exponential()) * Math.cos(2 * Math.PI * uniform()),
    integer,
    exponential,
    poisson: (mean) => poisson(uniform, mean),
    permutation: (n) => permutation(integer, n),
    reset,
    state: () => Array.from(words),
    restore: (state) => words.set(state),
  };
}

function poisson(uniform: Generator['uniform'], mean: number): number {
  let count = 0;
  for (let rest = mean; rest > 0; rest -= 16) {
    const limit = Math.exp(-Math.min(rest, 16));
    for (let product = uniform(); product > limit; product *= uniform()) count++;
  }
  return count;
}

function permutation(integer: Generator['integer'], n: number): Int32Array<ArrayBuffer> {
  const order = new Int32Array(n);
  for (let i = 0; i < n; i++) order[i] = i;
  for (let last = n - 1; last > 0; last--) {
    const chosen = integer(last + 1);
    const moved = order[last];
    order[last] = order[chosen];
    order[chosen] = moved;
  }
  return order;
}

/** splitmix32's output function. */
function mix(value: number): number {
  let x = value | 0;
  x = Math.imul(x ^ (x >>> 16), 0x21f0aaad);
  x = Math.imul(x ^ (x >>> 15), 0x735a2d97);
  return x ^ (x >>> 15);
}
