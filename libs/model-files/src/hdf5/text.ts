import { Hdf5Error, type Hdf5Bytes } from './bytes.ts';
import { elementCount, type ElementType } from './types.ts';

/**
 * Reads an array of texts stored at `offset`, fixed or variable length. `budget.bytes` limits the total, since many
 * small references may point at one large text.
 */
export function readTexts(
  bytes: Hdf5Bytes,
  offset: number,
  type: ElementType,
  shape: readonly number[],
  budget: { bytes: number },
): string[] {
  const count = elementCount(shape);
  bytes.require(offset, count * type.size);
  return Array.from({ length: count }, (_, i) => {
    const at = offset + i * type.size;
    if (type.kind === 'fixedText') return bytes.text(at, type.size);
    const length = bytes.u32(at);
    budget.bytes -= length;
    if (budget.bytes < 0) throw new Hdf5Error('damaged: names larger than the file');
    if (length === 0) return '';
    const object = globalHeapObject(bytes, bytes.requiredAddress(at + 4, 'text'), bytes.u32(at + 12));
    if (length > object.size) throw new Hdf5Error(`damaged: text at offset ${at} is longer than its store`);
    return bytes.text(object.offset, length);
  });
}

function globalHeapObject(bytes: Hdf5Bytes, heap: number, index: number): { offset: number; size: number } {
  bytes.expectSignature(heap, 'GCOL');
  const size = bytes.length64(heap + 8);
  bytes.require(heap, size);
  const end = heap + size;
  for (let offset = heap + 16; offset + 16 <= end;) {
    const found = bytes.u16(offset);
    const length = bytes.length64(offset + 8);
    if (found === 0) break;
    if (found === index) {
      bytes.require(offset + 16, length);
      return { offset: offset + 16, size: length };
    }
    offset += 16 + Math.ceil(length / 8) * 8;
  }
  throw new Hdf5Error(`damaged: no entry ${index} in the text store at offset ${heap}`);
}
