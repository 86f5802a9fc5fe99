import { freeMemory } from '../../columns/free-memory.ts';
import { Lz4Memory } from './lz4-memory.ts';

/** Below, buffers lie together in memory of Node's. */
const LARGE_BYTES = 64 * 1024;

/** Memory for the plain bytes of one record at a time, used again and again: new memory costs more than decoding. */
export class Workspace {
  private held: Uint8Array<ArrayBuffer> | undefined;
  private memory: Lz4Memory | undefined;

  /** @param inThisThread whether the calling thread decompresses itself */
  constructor(readonly inThisThread = false) {}

  /** Where LZ4 blocks are decoded. */
  get lz4(): Lz4Memory {
    return (this.memory ??= new Lz4Memory());
  }

  /** Keeps a buffer of its own memory until the next one comes, then frees it. */
  hold<Bytes extends Uint8Array<ArrayBuffer>>(bytes: Bytes): Bytes {
    if (this.held !== undefined) freeMemory(this.held);
    this.held = bytes.length < LARGE_BYTES ? undefined : bytes;
    return bytes;
  }
}
