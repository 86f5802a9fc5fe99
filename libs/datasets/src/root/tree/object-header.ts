/** What stands before objects and containers inside an entry. */
import type { ByteCursor, VersionHeader } from '../file/byte-cursor.ts';
import { Damage, Unsupported } from '../../damage.ts';

/** Bit of the version of a container whose objects are stored member by member. */
export const MEMBER_WISE = 0x4000;
const IS_REFERENCED = 1 << 4;

/** Whether the objects of a container are stored member by member. */
export function isMemberWise({ version }: VersionHeader): boolean {
  return (version & MEMBER_WISE) !== 0;
}

/** Version of a class, of version 0 the checksum behind it. */
export function skipClassVersion(cursor: ByteCursor): void {
  if (cursor.int16() <= 0) cursor.take(4);
}

/**
 * Header of an object.
 * @param expected version of the class whose members are known
 */
export function readObjectHeader(cursor: ByteCursor, expected: number | undefined): VersionHeader {
  const header = cursor.versionHeader();
  const { version } = header;
  if (version <= 0)
    cursor.take(4); // checksum
  else if (expected !== undefined && version !== expected) {
    throw new Unsupported(`an object of version ${version} of its class, expected ${expected}`);
  }
  return header;
}

/** Fields of a TObject. */
export function skipIdentity(cursor: ByteCursor): void {
  cursor.versionHeader();
  cursor.take(4); // identifier
  if ((cursor.uint32() & IS_REFERENCED) !== 0) cursor.take(2);
}

/** The name of a class before an object: a length byte, then so many characters and a zero. */
export function skipClassName(cursor: ByteCursor): void {
  cursor.take(cursor.uint8() + 1);
}

/** @throws Damage when a value does not end where its header says */
export function checkEnd(cursor: ByteCursor, { end }: VersionHeader): void {
  if (end !== undefined && cursor.position !== end) {
    throw new Damage(`a value of ${end - cursor.position} bytes more or less than its header says`);
  }
}
