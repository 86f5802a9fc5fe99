/** Which fields are columns, and of which type. */
import { encodings } from './encoding.ts';
import type { Encoding } from './encoding.ts';
import type { Column, Field } from './schema.ts';
import { COLLECTION, LEAF, RECORD } from './schema.ts';

/** A column of numbers that can be decoded. */
export interface EncodedColumn {
  readonly id: number;
  readonly bits: number;
  readonly encoding: Encoding;
}

/** What an entry of a field consists of. */
export type FieldType = KnownType | { readonly kind: 'unknown'; readonly reason: string };

/** Types that are columns. */
export type KnownType =
  | { readonly kind: 'number'; readonly column: EncodedColumn }
  | { readonly kind: 'array'; readonly length: number; readonly column: EncodedColumn }
  | { readonly kind: 'text'; readonly ends: EncodedColumn; readonly characters: EncodedColumn }
  | { readonly kind: 'list'; readonly ends: EncodedColumn; readonly item: KnownType };

const DEEPEST = 8;
/** Containers whose elements follow each other as in a vector. */
const LISTS =
  /^(std::)?(vector|set|multiset|unordered_set|unordered_multiset|list|deque)<|^ROOT::(VecOps::)?RVec</;

/** Fields at the top by name; members of records as `record.member`. */
export function fieldTypes(fields: readonly Field[], prefix = '', depth = 0): Map<string, FieldType> {
  const types = new Map<string, FieldType>();
  for (const field of fields) {
    const name = prefix + field.name;
    const isRecord = field.role === RECORD && field.columns.length === 0 && field.arrayLength === 0;
    if (!isRecord || depth === DEEPEST) types.set(name, typeOf(field, depth));
    else
      for (const [inner, type] of fieldTypes(field.children, `${name}.`, depth + 1)) types.set(inner, type);
  }
  return types;
}

/** The type as columns name it. */
export function describeField(type: FieldType): string {
  switch (type.kind) {
    case 'number':
      return type.column.encoding.number;
    case 'array':
      return `${type.column.encoding.number}[${type.length}]`;
    case 'text':
      return 'text';
    case 'list':
      return `${describeField(type.item)}[]`;
    case 'unknown':
      return `not readable (${type.reason})`;
  }
}

function typeOf(field: Field, depth: number): FieldType {
  const { role, columns, children, typeName, arrayLength } = field;
  const odd = columns.find((column) => encodedColumn(column) === undefined);
  const encodingHint = odd === undefined ? '' : ` with column type ${odd.type}`;
  const unknown: FieldType = { kind: 'unknown', reason: (typeName || 'untyped record') + encodingHint };
  const encoded = columns.map(encodedColumn);
  if (field.isProjected || depth > DEEPEST || encoded.includes(undefined)) return unknown;
  const [first, second] = encoded as EncodedColumn[];
  if (role === COLLECTION) return listType(field, first, depth) ?? unknown;
  if (role !== LEAF) return unknown;
  if (/^(std::)?string$/.test(typeName)) {
    const isText = columns.length === 2 && first.encoding.isIndex;
    return isText ? { kind: 'text', ends: first, characters: second } : unknown;
  }
  if (arrayLength > 0) return arrayType(arrayLength, children, depth) ?? unknown;
  return columns.length === 1 && children.length === 0 && !first.encoding.isIndex
    ? { kind: 'number', column: first }
    : unknown;
}

function listType(
  { columns, children, typeName }: Field,
  ends: EncodedColumn,
  depth: number,
): FieldType | undefined {
  if (columns.length !== 1 || children.length !== 1 || !ends.encoding.isIndex) return undefined;
  if (typeName !== '' && !LISTS.test(typeName)) return undefined;
  const item = typeOf(children[0], depth + 1);
  return item.kind === 'unknown' ? undefined : { kind: 'list', ends, item };
}

function arrayType(length: number, children: readonly Field[], depth: number): FieldType | undefined {
  if (children.length !== 1) return undefined;
  const item = typeOf(children[0], depth + 1);
  if (item.kind === 'number') return { kind: 'array', length, column: item.column };
  return item.kind === 'array' ? { ...item, length: length * item.length } : undefined;
}

function encodedColumn({ id, bits, type, representation, isDeferred }: Column): EncodedColumn | undefined {
  const encoding = encodings.get(type);
  if (encoding === undefined || representation > 0 || isDeferred) return undefined;
  return { id, bits, encoding };
}
