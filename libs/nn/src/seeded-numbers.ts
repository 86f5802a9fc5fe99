import { fillUniform } from '@hep/graph';

const BLOCK = 256;

/** Non-negative 31-bit hash of a text (FNV-1a): turns names into streams of random numbers. */
export function streamOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 1;
}

/** Sequence of random numbers that depends only on (seed, name). */
export class SeededNumbers {
  private readonly block = new Float32Array(BLOCK);
  private readonly stream: number;
  private used = 0;

  constructor(
    private readonly seed: number,
    name: string,
  ) {
    this.stream = streamOf(name);
  }

  /** Uniform in [0, 1), on a grid of 2^-24. */
  uniform(): number {
    const position = this.used % BLOCK;
    if (position === 0) fillUniform(this.block, this.seed, this.stream, this.used);
    this.used++;
    return this.block[position];
  }

  /** Standard normal (Box and Muller). */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    return radius * Math.cos(2 * Math.PI * this.uniform());
  }

  /** Standard normal, drawn again while beyond two standard deviations. */
  truncatedNormal(): number {
    for (;;) {
      const value = this.normal();
      if (Math.abs(value) <= 2) return value;
    }
  }
}
