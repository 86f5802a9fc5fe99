import type { Column, Numbers } from './column.ts';
import type { NumberType } from './number-types.ts';
import { emptyNumbers } from './number-types.ts';

/**
 * One column from its parts, row after row; all parts are of one kind and type. A single part is given as it is.
 * @param type of the column as in `ColumnFile.types`, for the case of no parts
 */
export function joinColumns(parts: readonly Column[], type: string): Column {
  if (parts.length === 1) return parts[0];
  if (type.endsWith('[]')) return joinLists(parts, type.slice(0, -2));
  const fixed = /^(.+)\[(\d+)\]$/.exec(type);
  if (fixed !== null) {
    const values = joinNumbers(parts, fixed[1] as NumberType);
    return { kind: 'fixed', width: Number(fixed[2]), values };
  }
  if (type === 'text') {
    return { kind: 'text', values: parts.flatMap((part) => (part.kind === 'text' ? part.values : [])) };
  }
  return { kind: 'flat', values: joinNumbers(parts, type as NumberType) };
}

function joinLists(parts: readonly Column[], contentType: string): Column {
  const lists = parts.flatMap((part) => (part.kind === 'jagged' ? [part] : []));
  const rows = lists.reduce((sum, { offsets }) => sum + offsets.length - 1, 0);
  const offsets = new Uint32Array(rows + 1);
  let row = 0;
  let base = 0;
  for (const part of lists) {
    for (let i = 1; i < part.offsets.length; i++) offsets[++row] = base + part.offsets[i];
    base = offsets[row];
  }
  return {
    kind: 'jagged',
    offsets,
    content: joinColumns(
      lists.map(({ content }) => content),
      contentType,
    ),
  };
}

function joinNumbers(parts: readonly Column[], type: NumberType): Numbers {
  const numbers = parts.flatMap((part) =>
    part.kind === 'flat' || part.kind === 'fixed' ? [part.values] : [],
  );
  const joined = emptyNumbers(
    type,
    numbers.reduce((sum, { length }) => sum + length, 0),
  );
  let position = 0;
  for (const values of numbers) {
    (joined as Float64Array).set(values as Float64Array, position);
    position += values.length;
  }
  return joined;
}
