import { compiledOnce, memoryOf, moduleOf, PAGE_BYTES } from '@hep/webassembly';
import { lz4Decoder, STEP_BYTES } from './lz4-decoder.ts';
import { xxh64Function } from './xxh64-function.ts';

type Hash = (start: number, end: number) => bigint;
type Decode = (start: number, end: number, out: number, endOfOut: number) => number;

const instance = compiledOnce(() => moduleOf([lz4Decoder, xxh64Function]));

/** The memory in which blocks are decoded, as large as the largest block so far and its plain bytes. */
export class Lz4Memory {
  private readonly memory = memoryOf(PAGE_BYTES);
  private readonly hashBlock: Hash;
  private readonly decodeBlock: Decode;
  private blockBytes = 0;

  constructor() {
    const { xxh64, decode } = instance(this.memory);
    this.hashBlock = xxh64 as Hash;
    this.decodeBlock = decode as Decode;
  }

  /**
   * Takes a raw block, for `decode`, and returns its XXH64.
   * @param block less than 2^24 bytes
   */
  put(block: Uint8Array): bigint {
    this.blockBytes = block.length;
    this.reserve(block.length);
    new Uint8Array(this.memory.buffer, 0, block.length).set(block);
    return BigInt.asUintN(64, this.hashBlock(0, block.length));
  }

  /**
   * The plain bytes of the block, valid until the next call of a method; undefined when it is damaged.
   * @param mostBytes what the plain bytes may take
   */
  decode(mostBytes: number): Uint8Array | undefined {
    const out = this.blockBytes + STEP_BYTES;
    this.reserve(out + mostBytes + STEP_BYTES);
    const end = this.decodeBlock(0, this.blockBytes, out, out + mostBytes);
    return end < 0 ? undefined : new Uint8Array(this.memory.buffer, out, end - out);
  }

  private reserve(bytes: number): void {
    const missing = bytes - this.memory.buffer.byteLength;
    if (missing > 0) this.memory.grow(Math.ceil(missing / PAGE_BYTES));
  }
}
