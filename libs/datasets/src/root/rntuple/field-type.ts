/** Which fields are columns, and of which type. */
import { encodings } from './encoding.ts';
import type { EncodedColumn } from './encoding.ts';
import type { Column, Field } from './schema.ts';
import { COLLECTION, LEAF, RECORD, VARIANT } from './schema.ts';

/** What an entry of a column consists of. */
export type FieldType = KnownType | { readonly kind: 'unknown'; readonly reason: string };

/** Types that are columns. */
export type KnownType =
  | { readonly kind: 'number'; readonly column: EncodedColumn }
  /** Always so many elements. */
  | { readonly kind: 'array'; readonly length: number; readonly item: KnownType }
  | { readonly kind: 'text'; readonly ends: EncodedColumn; readonly characters: EncodedColumn }
  /** Also an optional value: a list of at most one. */
  | { readonly kind: 'list'; readonly ends: EncodedColumn; readonly item: KnownType }
  /** How many elements a list has. */
  | { readonly kind: 'count'; readonly ends: EncodedColumn; readonly number: 'uint32' | 'uint64' }
  /** One alternative of a variant: a list of at most one. */
  | {
      readonly kind: 'alternative';
      readonly tags: EncodedColumn;
      readonly tag: number;
      readonly item: KnownType;
    };

/** A column inside a field, with the names of the members on the way. */
interface NamedType {
  readonly names: readonly string[];
  readonly type: FieldType;
}

const DEEPEST = 16;
/** Of the largest element, that of variants. */
const MOST_BITS = 96;

/**
 * All columns by name. Every number or text inside records, of lists of records, too, is one: `record.member`. Members
 * of pairs are `first` and `second`, alternatives of variants and members of tuples `_0`, `_1`, and so on. A name that a
 * class and its base share is not readable, since it does not tell which is meant.
 */
export function fieldTypes(fields: readonly Field[]): Map<string, FieldType> {
  const types = new Map<string, FieldType>();
  for (const field of fields) {
    for (const { names, type } of typesOf(field, 0)) {
      const name = [field.name, ...names].join('.');
      types.set(name, types.has(name) ? { kind: 'unknown', reason: 'two fields of this name' } : type);
    }
  }
  return types;
}

/** The type as columns name it. */
export function describeField(type: FieldType): string {
  switch (type.kind) {
    case 'number':
      return type.column.encoding.number;
    case 'array':
      return describeArray(type);
    case 'text':
      return 'text';
    case 'count':
      return type.number;
    case 'list':
    case 'alternative':
      return `${describeField(type.item)}[]`;
    case 'unknown':
      return `not readable (${type.reason})`;
  }
}

/** Several dimensions are one. */
function describeArray(type: KnownType): string {
  let inner = type;
  let width = 1;
  for (; inner.kind === 'array'; inner = inner.item) width *= inner.length;
  const item = describeField(inner);
  return inner.kind === 'number' ? `${item}[${width}]` : `${item}[]`;
}

function typesOf(field: Field, depth: number): NamedType[] {
  const { role, typeName, children } = field;
  const odd = field.columns.find(({ type }) => !encodings.has(type));
  const hint = odd === undefined ? '' : ` with column type ${odd.type}`;
  const unknown: NamedType = {
    names: [],
    type: { kind: 'unknown', reason: (typeName || 'untyped record') + hint },
  };
  const columns = encodedColumns(field.columns);
  if (depth > DEEPEST || columns === undefined) return [unknown];
  const inside = children.map((child) => typesOf(child, depth + 1));
  if (role === RECORD && columns.length === 0) return recordTypes(field, inside);
  if (role === VARIANT && columns.length === 1) return variantTypes(columns[0], inside);
  if (role === COLLECTION && columns.length === 1 && children.length === 1) {
    const [ends] = columns;
    return ends.encoding.isIndex ? within(inside[0], (item) => ({ kind: 'list', ends, item })) : [unknown];
  }
  return role === LEAF ? (leafTypes(field, columns, inside) ?? [unknown]) : [unknown];
}

/** Columns of a leaf: numbers, texts, arrays, lengths of lists, and what only wraps another field. */
function leafTypes(
  { typeName, arrayLength }: Field,
  [first, second]: readonly EncodedColumn[],
  inside: readonly NamedType[][],
): NamedType[] | undefined {
  if (inside.length === 1 && first === undefined) {
    return arrayLength > 0
      ? within(inside[0], (item) => ({ kind: 'array', length: arrayLength, item }))
      : inside[0];
  }
  if (inside.length > 0 || first === undefined) return undefined;
  if (second !== undefined) {
    const isText = /^(std::)?string$/.test(typeName) && first.encoding.isIndex;
    return isText ? [{ names: [], type: { kind: 'text', ends: first, characters: second } }] : undefined;
  }
  if (first.encoding.isIndex) {
    const number = typeName.includes('64') ? 'uint64' : 'uint32';
    return [{ names: [], type: { kind: 'count', ends: first, number } }];
  }
  const number: KnownType = { kind: 'number', column: first };
  return [
    { names: [], type: arrayLength > 0 ? { kind: 'array', length: arrayLength, item: number } : number },
  ];
}

/** Members of base classes, which have a colon before their names, are as good as one's own. */
function recordTypes({ typeName, children }: Field, inside: readonly NamedType[][]): NamedType[] {
  const isPair = /^(std::)?pair</.test(typeName);
  return inside.flatMap((types, index) => {
    const { name } = children[index];
    const own = isPair ? ['first', 'second'][index] : name;
    return types.map(({ names, type }) => ({ names: name.startsWith(':') ? names : [own, ...names], type }));
  });
}

function variantTypes(tags: EncodedColumn, inside: readonly NamedType[][]): NamedType[] {
  return inside.flatMap((types, index) =>
    within(types, (item) => ({ kind: 'alternative', tags, tag: index + 1, item })).map(({ names, type }) => ({
      names: [`_${index}`, ...names],
      type,
    })),
  );
}

function within(types: readonly NamedType[], around: (item: KnownType) => KnownType): NamedType[] {
  return types.map(({ names, type }) => ({ names, type: type.kind === 'unknown' ? type : around(type) }));
}

/** Columns of the first representation, each with the same of the others; undefined when one is not known. */
function encodedColumns(columns: readonly Column[]): EncodedColumn[] | undefined {
  const byRepresentation: EncodedColumn[][] = [];
  for (const { id, type, bits, representation, isDeferred, range } of columns) {
    const encoding = encodings.get(type);
    if (encoding === undefined || !(bits >= 1 && bits <= MOST_BITS)) return undefined;
    (byRepresentation[representation] ??= []).push({ id, bits, encoding, isDeferred, range, others: [] });
  }
  const [first = [], ...others] = byRepresentation;
  const isComplete = others.every((other) => other?.length === first.length);
  return isComplete
    ? first.map((column, i) => ({ ...column, others: others.map((other) => other[i]) }))
    : undefined;
}
