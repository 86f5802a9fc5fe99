import { compiledOnce, memoryOf } from '@hep/webassembly';
import { fillMask, keyOf, maskThreshold } from './counter-based.ts';
import { maskModule } from './mask-module.ts';

const instance = compiledOnce(() => maskModule);

/** Bytes that the module writes at a time. */
const BLOCK_BYTES = 32;

type Fill = (
  out: number,
  endOfOut: number,
  pair: number,
  key: number,
  threshold: number,
  kept: number,
) => void;

/** Arrays in the memory of a WebAssembly instance, which fills them with the numbers of `fillMask`, but faster. */
export class MaskMemory {
  readonly masks: readonly Float32Array[];
  private readonly fillBlocks: Fill;

  /** @param sizes elements of each array */
  constructor(sizes: readonly number[]) {
    const bytes = sizes.map((size) => BLOCK_BYTES * Math.ceil((4 * size) / BLOCK_BYTES));
    const total = bytes.reduce((sum, size) => sum + size, 0);
    const memory = memoryOf(total);
    let end = 0;
    this.masks = sizes.map((size, index) => {
      const start = end;
      end += bytes[index]!;
      return new Float32Array(memory.buffer, start, size);
    });
    this.fillBlocks = instance(memory)['fill'] as Fill;
  }

  /** `fillMask` for one of `masks`. */
  fill(mask: Float32Array, rate: number, seed: number, stream: number, firstIndex = 0): void {
    const threshold = maskThreshold(rate);
    const isWide = firstIndex % 2 === 0 && threshold < 2 ** 16 && mask.length > 0;
    if (!isWide) return fillMask(mask, rate, seed, stream, firstIndex);
    const out = mask.byteOffset;
    this.fillBlocks(
      out,
      out + mask.byteLength,
      firstIndex / 2,
      keyOf(seed, stream),
      threshold,
      keptBits(rate),
    );
  }
}

/** Bits of the float32 number that scales what is kept. */
function keptBits(rate: number): number {
  return new Int32Array(Float32Array.of(1 / (1 - rate)).buffer)[0]!;
}
