/** TFRecord framing: length (8 bytes), masked CRC of the length, data, masked CRC of the data. */
import { maskedCrc32c } from './crc32c.ts';

const HEADER_BYTES = 12;
const FOOTER_BYTES = 4;

/** One framed record. */
export function frame(data: Uint8Array): Uint8Array {
  const record = Buffer.alloc(HEADER_BYTES + data.length + FOOTER_BYTES);
  record.writeBigUInt64LE(BigInt(data.length), 0);
  record.writeUInt32LE(maskedCrc32c(record.subarray(0, 8)), 8);
  record.set(data, HEADER_BYTES);
  record.writeUInt32LE(maskedCrc32c(data), HEADER_BYTES + data.length);
  return record;
}

/** Bytes of the whole records at the beginning of a file; what follows was torn by a kill or a full disk. */
export function wholeRecords(file: Buffer): number {
  let end = 0;
  while (end + HEADER_BYTES <= file.length) {
    const next = end + HEADER_BYTES + Number(file.readBigUInt64LE(end)) + FOOTER_BYTES;
    if (next > file.length || maskedCrc32c(file.subarray(end, end + 8)) !== file.readUInt32LE(end + 8)) break;
    end = next;
  }
  return end;
}
