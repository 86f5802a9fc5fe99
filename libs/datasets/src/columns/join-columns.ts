import type { Column } from './column.ts';
import { concatenateColumns } from './concatenate.ts';
import type { NumberType } from './number-types.ts';
import { emptyNumbers } from './number-types.ts';

/**
 * One column from its parts, row after row; all parts are of one kind and type. A single part is given as it is.
 * @param type of the column as in `ColumnFile.types`, for the case of no parts
 */
export function joinColumns(parts: readonly Column[], type: string): Column {
  return parts.length === 0 ? emptyColumn(type) : concatenateColumns(parts);
}

function emptyColumn(type: string): Column {
  if (type.endsWith('[]')) {
    return { kind: 'jagged', offsets: new Uint32Array(1), content: emptyColumn(type.slice(0, -2)) };
  }
  const [, value, width] = /^(.+)\[(\d+)\]$/.exec(type) ?? [];
  if (width !== undefined) {
    return { kind: 'fixed', width: Number(width), values: emptyNumbers(value as NumberType, 0) };
  }
  if (type === 'text') return { kind: 'text', values: [] };
  return { kind: 'flat', values: emptyNumbers(type as NumberType, 0) };
}
