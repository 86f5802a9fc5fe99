import { Hdf5Error, type Hdf5Bytes } from './bytes.ts';

/** One message of an object header: its kind and where its body lies in the file. */
export interface HeaderMessage {
  readonly type: number;
  readonly offset: number;
  readonly size: number;
}

/** Message kinds this reader understands (HDF5 file format specification, section IV.A.2). */
export const MESSAGE = {
  dataspace: 0x01,
  datatype: 0x03,
  layout: 0x08,
  filters: 0x0b,
  attribute: 0x0c,
  continuation: 0x10,
  symbolTable: 0x11,
} as const;

const PREFIX_BYTES = 16;
const MESSAGE_PREFIX_BYTES = 8;
const SHARED_FLAG = 0x02;

/**
 * Lists the messages of a version 1 object header, continuation blocks included. A header whose blocks form a
 * loop, or that uses version 2 (files written with `libver='latest'`) or shared messages, throws `Hdf5Error`.
 */
export function readObjectHeader(bytes: Hdf5Bytes, address: number): HeaderMessage[] {
  bytes.require(address, PREFIX_BYTES);
  if (bytes.u8(address) !== 1) {
    throw new Hdf5Error(
      bytes.text(address, 4) === 'OHDR'
        ? "stored in the newer HDF5 layout; save it again with h5py's default libver"
        : `damaged: no object header at offset ${address}`,
    );
  }
  const messages: HeaderMessage[] = [];
  const blocks = [{ offset: address + PREFIX_BYTES, size: bytes.u32(address + 8) }];
  const visited = new Set<number>();
  for (let block = blocks.shift(); block !== undefined; block = blocks.shift()) {
    if (visited.has(block.offset))
      throw new Hdf5Error(`damaged: object header at ${address} runs in a circle`);
    visited.add(block.offset);
    for (const message of messagesOfBlock(bytes, block)) {
      if (message.type === MESSAGE.continuation) {
        blocks.push({
          offset: bytes.requiredAddress(message.offset, 'header continuation'),
          size: bytes.length64(message.offset + 8),
        });
      } else messages.push(message);
    }
  }
  return messages;
}

function messagesOfBlock(bytes: Hdf5Bytes, block: { offset: number; size: number }): HeaderMessage[] {
  bytes.require(block.offset, block.size);
  const end = block.offset + block.size;
  const messages: HeaderMessage[] = [];
  for (let offset = block.offset; offset + MESSAGE_PREFIX_BYTES <= end;) {
    const type = bytes.u16(offset);
    const size = bytes.u16(offset + 2);
    const shared = (bytes.u8(offset + 4) & SHARED_FLAG) !== 0;
    const body = offset + MESSAGE_PREFIX_BYTES;
    if (body + size > end)
      throw new Hdf5Error(`damaged: header message at offset ${offset} leaves its block`);
    if (shared && (type === MESSAGE.datatype || type === MESSAGE.dataspace || type === MESSAGE.attribute)) {
      throw new Hdf5Error('uses a committed (shared) HDF5 type, which Keras does not write');
    }
    messages.push({ type, offset: body, size });
    offset = body + size;
  }
  return messages;
}

/** The single message of this kind, or `undefined`. */
export function findMessage(messages: readonly HeaderMessage[], type: number): HeaderMessage | undefined {
  return messages.find((message) => message.type === type);
}
