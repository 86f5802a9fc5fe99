import { moduleOf } from './instructions.ts';
import { lz4Decoder, STEP_BYTES } from './lz4-decoder.ts';
import { xxh64Function } from './xxh64-function.ts';

/** What is used of the global, which the ES2023 library does not declare. */
declare const WebAssembly: {
  readonly Memory: new (size: { readonly initial: number }) => WasmMemory;
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  readonly Instance: new (
    module: object,
    imports: object,
  ) => { readonly exports: Readonly<Record<string, unknown>> };
};

interface WasmMemory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

type Hash = (start: number, end: number) => bigint;
type Decode = (start: number, end: number, out: number, endOfOut: number) => number;

const PAGE_BYTES = 65_536;

/** The memory in which blocks are decoded, as large as the largest block so far and its plain bytes. */
export class Lz4Memory {
  private readonly memory = new WebAssembly.Memory({ initial: 1 });
  private readonly hashBlock: Hash;
  private readonly decodeBlock: Decode;
  private blockBytes = 0;

  constructor() {
    const instance = new WebAssembly.Instance(compiled(), { host: { memory: this.memory } });
    this.hashBlock = instance.exports['xxh64'] as Hash;
    this.decodeBlock = instance.exports['decode'] as Decode;
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

let compilation: object | undefined;

function compiled(): object {
  return (compilation ??= new WebAssembly.Module(moduleOf([lz4Decoder, xxh64Function])));
}
