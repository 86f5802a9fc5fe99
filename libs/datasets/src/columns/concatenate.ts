import { Damage } from '../damage.ts';
import type { Column, Numbers } from './column.ts';

const MOST_ELEMENTS = 2 ** 32 - 1;

/**
 * Columns of the same type one behind the other; a single one as it is.
 * @throws Damage for lists of more elements than offsets can count
 */
export function concatenateColumns(parts: readonly Column[]): Column {
  const [first] = parts;
  if (parts.length === 1) return first;
  switch (first.kind) {
    case 'text':
      return { kind: 'text', values: parts.flatMap((part) => (part as typeof first).values) };
    case 'jagged':
      return concatenateLists(parts as (typeof first)[]);
    default:
      return { ...first, values: concatenateNumbers(parts.map((part) => (part as typeof first).values)) };
  }
}

function concatenateLists(parts: readonly Extract<Column, { kind: 'jagged' }>[]): Column {
  const offsets = new Uint32Array(parts.reduce((sum, part) => sum + part.offsets.length - 1, 1));
  let rows = 0;
  for (const part of parts) {
    const shift = offsets[rows];
    for (let i = 1; i < part.offsets.length; i++) offsets[rows + i] = shift + part.offsets[i];
    rows += part.offsets.length - 1;
    if (shift + part.offsets[part.offsets.length - 1] > MOST_ELEMENTS) {
      throw new Damage('2^32 elements or more in one column, read fewer rows at a time');
    }
  }
  return { kind: 'jagged', offsets, content: concatenateColumns(parts.map(({ content }) => content)) };
}

function concatenateNumbers(parts: readonly Numbers[]): Numbers {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const joined = new (parts[0].constructor as new (length: number) => Numbers)(length);
  let filled = 0;
  for (const part of parts) {
    (joined as { set(values: Numbers, offset: number): void }).set(part, filled);
    filled += part.length;
  }
  return joined;
}
