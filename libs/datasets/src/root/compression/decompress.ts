/**
 * ROOT's compressed records: one block or several, each with a header of nine bytes: method (two letters), level,
 * compressed and plain size as three bytes little-endian.
 */
import { Damage, Unsupported } from '../../damage.ts';
import { decodeLz4 } from './lz4.ts';
import { decodeXz } from './xz.ts';
import { Workspace } from './workspace.ts';
import { zlibDecoder } from './zlib.ts';
import { decodeZstd } from './zstd.ts';

const HEADER_BYTES = 9;

/** One block of a record. */
interface Block {
  readonly method: string;
  readonly data: Uint8Array;
  readonly plainBytes: number;
}

/**
 * Turns the data of one block into its plain bytes, which stay in the workspace until its next block. The number that
 * the header announces bounds what is allocated. Throws `Damage`.
 */
export type BlockDecoder = (
  data: Uint8Array,
  plainBytes: number,
  workspace: Workspace,
) => Promise<Uint8Array> | Uint8Array;

const decoders: ReadonlyMap<string, BlockDecoder> = new Map([
  ['ZL', zlibDecoder('zlib')],
  ['CS', zlibDecoder('deflate')], // files from before 2004
  ['L4', decodeLz4],
  ['ZS', decodeZstd],
  ['XZ', decodeXz],
]);

/**
 * The plain bytes of a record.
 * @param workspace keeps them until it is used again; default: one of their own
 * @throws Damage when blocks are missing, damaged or of other sizes than announced
 */
export async function decompress(
  record: Uint8Array,
  plainBytes: number,
  workspace = new Workspace(),
): Promise<Uint8Array> {
  if (record.length === plainBytes) return record;
  const blocks = splitBlocks(record, plainBytes);
  if (blocks.length === 1) return decodeBlock(blocks[0], workspace);
  const plain = Buffer.allocUnsafeSlow(plainBytes);
  let filled = 0;
  for (const block of blocks) {
    plain.set(await decodeBlock(block, workspace), filled);
    filled += block.plainBytes;
  }
  return workspace.hold(plain);
}

/** Sizes are checked as a whole before anything is decoded: nothing larger than announced is ever allocated. */
function splitBlocks(record: Uint8Array, plainBytes: number): Block[] {
  const blocks: Block[] = [];
  let announced = 0;
  for (let start = 0; start < record.length;) {
    if (start + HEADER_BYTES > record.length) throw new Damage('a compressed block is cut off');
    const end = start + HEADER_BYTES + littleEndian24(record, start + 3);
    if (end > record.length) throw new Damage('a compressed block is cut off');
    const block = {
      method: String.fromCharCode(record[start], record[start + 1]),
      data: record.subarray(start + HEADER_BYTES, end),
      plainBytes: littleEndian24(record, start + 6),
    };
    blocks.push(block);
    announced += block.plainBytes;
    start = end;
  }
  if (announced !== plainBytes) {
    throw new Damage(`compressed blocks of ${announced} bytes, expected ${plainBytes}`);
  }
  return blocks;
}

function littleEndian24(bytes: Uint8Array, position: number): number {
  return bytes[position] | (bytes[position + 1] << 8) | (bytes[position + 2] << 16);
}

async function decodeBlock({ method, data, plainBytes }: Block, workspace: Workspace): Promise<Uint8Array> {
  const decoder = decoders.get(method);
  if (decoder === undefined) {
    throw new Unsupported(
      `compression method ${JSON.stringify(method)} is not known, expected ${[...decoders.keys()].join(', ')}`,
    );
  }
  const plain = await decoder(data, plainBytes, workspace);
  if (plain.length !== plainBytes) {
    throw new Damage(`a ${method} block gave ${plain.length} bytes, expected ${plainBytes}`);
  }
  return plain;
}
