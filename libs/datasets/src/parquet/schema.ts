/** From the schema of a Parquet file to its columns and their types. */
import type { NumberType } from '../columns/number-types.ts';
import { Damage } from '../damage.ts';
import type { ThriftStruct } from './thrift.ts';
import { countOf, numberOf, structOf, textOf } from './thrift.ts';

/** How values are stored, by Parquet's number. */
const PHYSICAL = ['boolean', 'int32', 'int64', 'int96', 'float', 'double', 'bytes', 'fixed'] as const;

/** One of these. */
export type Physical = (typeof PHYSICAL)[number];

/** A stored column. */
export interface Leaf {
  /** Name of the column of the table. */
  readonly name: string;
  readonly physical: Physical;
  /** Bytes of a value, 0 where they differ from value to value. */
  readonly width: number;
  /** Type of one value: of numbers, `text`, or what cannot be read. */
  readonly value: NumberType | 'text' | 'other';
  /** As in `ColumnFile.types`. */
  readonly type: string;
  /** Definition level of a value that is there. */
  readonly definition: number;
  /** Definition levels at which the lists around a value have an entry, from the outside. */
  readonly lists: readonly number[];
  readonly isNested: boolean;
}

interface Element {
  readonly name: string;
  readonly children: number;
  readonly repetition: number;
  readonly struct: ThriftStruct;
}

const [OPTIONAL, REPEATED] = [1, 2];
const DEEPEST_SCHEMA = 12;
const WIDTHS: Readonly<Record<Physical, number>> = {
  boolean: 0,
  int32: 4,
  int64: 8,
  int96: 12,
  float: 4,
  double: 8,
  bytes: 0,
  fixed: 0,
};
/** Types of integers by Parquet's older annotation. */
const CONVERTED: readonly (NumberType | undefined)[] = [
  ...new Array<undefined>(11).fill(undefined),
  ...(['uint8', 'uint16', 'uint32', 'uint64', 'int8', 'int16', 'int32', 'int64'] as const),
];
const CONVERTED_TEXTS = [0, 4, 19];

/**
 * The stored columns in their order. A column of several stored ones (a struct) gives each of them, of type `other`,
 * under its own path.
 * @throws Damage when the list of elements is no tree
 */
export function schemaLeaves(structs: readonly ThriftStruct[]): Leaf[] {
  const elements = structs.map(elementOf);
  const leaves: Leaf[] = [];
  let next = 1;
  const visit = (path: readonly Element[]): void => {
    if (path.length > DEEPEST_SCHEMA) throw new Damage('columns nested too deep');
    const element = elements[next++];
    if (element === undefined) throw new Damage('the schema ends early');
    const here = [...path, element];
    if (element.children === 0) leaves.push(leafOf(here));
    for (let i = 0; i < element.children; i++) visit(here);
  };
  if (elements.length === 0) throw new Damage('no schema');
  for (let i = 0; i < elements[0].children; i++) visit([]);
  const names = new Set(leaves.map(({ name }) => name));
  if (names.size !== leaves.length) throw new Damage('two columns of one name');
  return leaves;
}

function elementOf(struct: ThriftStruct): Element {
  return {
    name: textOf(struct, 4),
    children: numberOf(struct, 5) ?? 0,
    repetition: numberOf(struct, 3) ?? 0,
    struct,
  };
}

function leafOf(path: readonly Element[]): Leaf {
  const last = path[path.length - 1];
  const physical = PHYSICAL[countOf(last.struct, 1, `the type of column ${last.name}`)];
  if (physical === undefined) throw new Damage(`column ${last.name} has an unknown type`);
  let definition = 0;
  const lists: number[] = [];
  for (const { repetition } of path) {
    if (repetition === OPTIONAL || repetition === REPEATED) definition++;
    if (repetition === REPEATED) lists.push(definition);
  }
  const isList = path.every(({ children }) => children <= 1) && (path.length === 1 || lists.length > 0);
  const value = isList ? valueType(last.struct, physical) : 'other';
  return {
    name: isList ? path[0].name : path.map(({ name }) => name).join('.'),
    physical,
    width: physical === 'fixed' ? (numberOf(last.struct, 2) ?? 0) : WIDTHS[physical],
    value,
    type: `${value}${'[]'.repeat(lists.length)}`,
    definition,
    lists,
    isNested: lists.length > 0,
  };
}

/** Type of a value from its storage and annotation; times, decimals and the like are `other`. */
function valueType(struct: ThriftStruct, physical: Physical): Leaf['value'] {
  const converted = numberOf(struct, 6);
  const logical = structOf(struct.get(10));
  const isAnnotated = converted !== undefined || (logical !== undefined && logical.size > 0);
  if (physical === 'bytes') {
    const isText =
      CONVERTED_TEXTS.includes(converted ?? -1) || [1, 4, 12].some((field) => logical?.has(field));
    return isText ? 'text' : 'other';
  }
  if (physical === 'int32' || physical === 'int64') {
    const integer = structOf(logical?.get(10));
    const bits = numberOf(integer, 1) ?? 0;
    const annotated = integer && (`${integer.get(2) === false ? 'u' : ''}int${bits}` as NumberType);
    const type = annotated ?? CONVERTED[converted ?? -1] ?? (isAnnotated ? undefined : physical);
    const bitsAllowed = physical === 'int32' ? /^u?int(8|16|32)$/ : /^u?int64$/;
    return type !== undefined && bitsAllowed.test(type) ? type : 'other';
  }
  if (physical === 'boolean') return 'bool';
  if (physical === 'float' || physical === 'double') return physical === 'float' ? 'float32' : 'float64';
  return 'other';
}
