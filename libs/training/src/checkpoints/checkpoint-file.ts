/**
 * The bytes of a checkpoint, all integers little-endian:
 *
 *     8  magic "HEPCKPT\n"        4  format version        4  length H of the header
 *     8  length of the file       H  header, JSON          .  float32 blocks, 8-byte aligned       32  SHA-256
 *
 * The checksum covers everything before it. The header holds the loop, the model and a table of the blocks.
 */
import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import type { HostState } from '@hep/engine';
import { UserError } from '@hep/options';
import { parseHeader } from './checkpoint-header.ts';
import type { Block, Header } from './checkpoint-header.ts';
import { stringify } from './json-numbers.ts';
import type { LoopState } from './loop-state.ts';
import type { ModelSignature } from './model-signature.ts';

const MAGIC = Buffer.from('HEPCKPT\n', 'latin1');
const VERSION = 1;
const PREFIX_BYTES = 24;
const CHECKSUM_BYTES = 32;
const ALIGNMENT = 8;

/** Everything a run needs to go on. */
export interface Checkpoint {
  readonly loop: LoopState;
  readonly model: ModelSignature;
  /** Parameters, optimiser slots and moving statistics, float32. */
  readonly state: HostState;
}

/** A checkpoint that is torn or altered; an older one may still be good. */
export class DamagedCheckpoint extends UserError {}

/** Bytes of a checkpoint file. */
export function encodeCheckpoint({ loop, model, state }: Checkpoint): Uint8Array {
  const { blocks, bytes } = layOut(state);
  const header = Buffer.from(stringify({ loop, model, blocks } satisfies Header));
  const headerBytes = align(header.length);
  const file = Buffer.alloc(PREFIX_BYTES + headerBytes + bytes + CHECKSUM_BYTES, ' ');
  MAGIC.copy(file);
  file.writeUInt32LE(VERSION, 8);
  file.writeUInt32LE(headerBytes, 12);
  file.writeBigUInt64LE(BigInt(file.length), 16);
  header.copy(file, PREFIX_BYTES);
  for (const { name, offset } of blocks) {
    const { buffer, byteOffset, byteLength } = state[name].values;
    file.set(new Uint8Array(buffer, byteOffset, byteLength), PREFIX_BYTES + headerBytes + offset);
  }
  file.set(checksum(file), file.length - CHECKSUM_BYTES);
  return file;
}

/**
 * Reads a checkpoint. Lengths are checked before memory is taken.
 * @throws DamagedCheckpoint when the file is truncated or its checksum differs
 * @throws UserError when it is no checkpoint, or of a newer version
 */
export async function readCheckpoint(path: string): Promise<Checkpoint> {
  const file = await open(path).catch(({ code, message }: NodeJS.ErrnoException) => {
    const reason = code === 'ENOENT' ? 'no such file' : message;
    throw new UserError(`${path}: checkpoint cannot be read, ${reason}; check the name`);
  });
  try {
    const { size } = await file.stat();
    const prefix = await readPrefix(file, path, size);
    const bytes = Buffer.alloc(size);
    await file.read(bytes, 0, size, 0);
    return decode(bytes, prefix, path);
  } finally {
    await file.close();
  }
}

interface Prefix {
  readonly version: number;
  readonly headerBytes: number;
}

async function readPrefix(file: FileHandle, path: string, size: number): Promise<Prefix> {
  const bytes = Buffer.alloc(PREFIX_BYTES);
  const { bytesRead } = await file.read(bytes, 0, PREFIX_BYTES, 0);
  if (bytesRead < PREFIX_BYTES) throw truncated(path, size, PREFIX_BYTES + CHECKSUM_BYTES);
  if (!bytes.subarray(0, MAGIC.length).equals(MAGIC)) {
    throw new DamagedCheckpoint(`${path}: not a checkpoint, or its first bytes are damaged; use another one`);
  }
  const expected = Number(bytes.readBigUInt64LE(16));
  if (size < expected) throw truncated(path, size, expected);
  const headerBytes = bytes.readUInt32LE(12);
  if (size !== expected || size < PREFIX_BYTES + headerBytes + CHECKSUM_BYTES) throw altered(path);
  return { version: bytes.readUInt32LE(8), headerBytes };
}

function decode(bytes: Buffer, { version, headerBytes }: Prefix, path: string): Checkpoint {
  if (!bytes.subarray(-CHECKSUM_BYTES).equals(checksum(bytes))) throw altered(path);
  if (version > VERSION) {
    throw new UserError(
      `${path}: written by a newer program (checkpoint format ${version}, this one reads up to ${VERSION}); update`,
    );
  }
  const begin = PREFIX_BYTES + headerBytes;
  const header = parseHeader(bytes.toString('utf8', PREFIX_BYTES, begin));
  if (typeof header === 'string') {
    throw new DamagedCheckpoint(`${path}: checkpoint is damaged, ${header}; use another checkpoint`);
  }
  const { loop, model, blocks } = header;
  const end = bytes.length - CHECKSUM_BYTES;
  const state: Record<string, HostState[string]> = {};
  for (const { name, shape, offset, length } of blocks) {
    const elements = shape.reduce((product, size) => product * size, 1);
    if (elements !== length || offset % 4 !== 0 || begin + offset + 4 * length > end) {
      throw new UserError(`${path}: tensor ${name} does not fit into the file; use another checkpoint`);
    }
    const values = new Float32Array(length);
    new Uint8Array(values.buffer).set(bytes.subarray(begin + offset, begin + offset + 4 * length));
    state[name] = { shape, values };
  }
  return { loop, model, state };
}

function layOut(state: HostState): { blocks: Block[]; bytes: number } {
  let bytes = 0;
  const blocks = Object.entries(state).map(([name, { shape, values }]) => {
    const block = { name, shape: [...shape], offset: bytes, length: values.length };
    bytes += align(values.byteLength);
    return block;
  });
  return { blocks, bytes };
}

function align(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}

function checksum(file: Uint8Array): Buffer {
  return createHash('sha256')
    .update(file.subarray(0, file.length - CHECKSUM_BYTES))
    .digest();
}

function truncated(path: string, size: number, expected: number): DamagedCheckpoint {
  return new DamagedCheckpoint(
    `${path}: checkpoint is truncated, ${size} of ${expected} bytes; use another checkpoint`,
  );
}

function altered(path: string): DamagedCheckpoint {
  return new DamagedCheckpoint(
    `${path}: checkpoint is damaged, its checksum differs; use another checkpoint`,
  );
}
