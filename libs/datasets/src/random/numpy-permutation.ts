/** The order that NumPy's legacy generator gives, for splits that other programs made with the same seed. */

const LENGTH = 624;
const SHIFT = 397;

/** Mersenne Twister MT19937 (Matsumoto and Nishimura 1998), seeded as `numpy.random.RandomState(seed)`. */
class MersenneTwister {
  private readonly state = new Uint32Array(LENGTH);
  private position = LENGTH;

  constructor(seed: number) {
    this.state[0] = seed;
    for (let i = 1; i < LENGTH; i++) {
      const before = this.state[i - 1];
      this.state[i] = Math.imul(1812433253, before ^ (before >>> 30)) + i;
    }
  }

  /** 32 random bits. */
  next(): number {
    if (this.position === LENGTH) this.refill();
    let word = this.state[this.position++];
    word ^= word >>> 11;
    word ^= (word << 7) & 0x9d2c5680;
    word ^= (word << 15) & 0xefc60000;
    return (word ^ (word >>> 18)) >>> 0;
  }

  private refill(): void {
    const { state } = this;
    for (let i = 0; i < LENGTH; i++) {
      const mixed = (state[i] & 0x80000000) | (state[(i + 1) % LENGTH] & 0x7fffffff);
      state[i] = state[(i + SHIFT) % LENGTH] ^ (mixed >>> 1) ^ (mixed & 1 ? 0x9908b0df : 0);
    }
    this.position = 0;
  }
}

/**
 * `numpy.random.RandomState(seed).permutation(n)`: Fisher and Yates from the end, positions drawn by rejection under
 * a mask.
 * @param seed 0 to 2^32 - 1
 */
export function numpyPermutation(n: number, seed: number): Int32Array<ArrayBuffer> {
  const twister = new MersenneTwister(seed);
  const order = Int32Array.from({ length: n }, (_, i) => i);
  for (let last = n - 1; last > 0; last--) {
    const mask = 2 ** (32 - Math.clz32(last)) - 1;
    let chosen = (twister.next() & mask) >>> 0;
    while (chosen > last) chosen = (twister.next() & mask) >>> 0;
    [order[last], order[chosen]] = [order[chosen], order[last]];
  }
  return order;
}
