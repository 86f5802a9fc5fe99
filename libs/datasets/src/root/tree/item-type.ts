/** What an entry, or a part of it, consists of: any mixture of numbers, texts, lists and objects. */
import type { NumberType } from '../../columns/number-types.ts';
import { bytesOf } from '../../columns/number-types.ts';
import type { Packing } from './packed-number.ts';
import { packedBytes } from './packed-number.ts';

/** A number; `number` is its type in memory, that of the file, too, unless it is packed. */
export interface NumberItem {
  readonly kind: 'number';
  readonly number: NumberType;
  readonly packing?: Packing;
}

/** Stored bytes and their meaning. */
export type ItemType =
  | NumberItem
  | { readonly kind: 'text' }
  /** A count, then so many elements. */
  | { readonly kind: 'list'; readonly item: ItemType }
  /** A list or text behind the header of an STL container; objects inside may be stored member by member. */
  | { readonly kind: 'container'; readonly item: ItemType }
  /** Always so many elements, without count. */
  | { readonly kind: 'array'; readonly length: number; readonly item: ItemType }
  /** Elements up to the end of the entry, perhaps behind a byte that says whether there are any. */
  | { readonly kind: 'rest'; readonly item: ItemType; readonly hasFlag?: boolean }
  /** As many numbers as another member of the same object says, behind a byte that is 0 when there are none. */
  | { readonly kind: 'counted'; readonly counter: string; readonly item: NumberItem }
  | RecordItem
  /** An object behind the name of its class. */
  | { readonly kind: 'named'; readonly item: ItemType }
  /** Fields of TObject, which say nothing about physics. */
  | { readonly kind: 'identity' }
  | { readonly kind: 'unknown'; readonly reason: string };

/** An object of a class, or a pair. */
export interface RecordItem {
  readonly kind: 'record';
  /** Byte count and version come before, of version 0 the checksum of the class, too. */
  readonly isHeaded: boolean;
  /** A pair in a map: containers inside have a header only when pairs are stored member by member. */
  readonly isInMap?: boolean;
  /** The version of the class that the members are of; pairs have none. */
  readonly version?: number;
  readonly members: readonly RecordMember[];
}

/** A member, or a base class, whose members are as good as one's own. */
export interface RecordMember {
  readonly name: string;
  readonly isBase: boolean;
  readonly item: ItemType;
}

/** A column inside an item: the way to it, member by member, and its name without that of the branch. */
export interface ItemColumn {
  readonly path: readonly number[];
  readonly names: readonly string[];
}

/** Every number or text in an item, as a column of its own. */
export function columnsWithin(item: ItemType): ItemColumn[] {
  if (item.kind === 'identity') return [];
  if (item.kind === 'record') {
    return item.members.flatMap(({ name, isBase, item: member }, index) =>
      columnsWithin(member).map(({ path, names }) => ({
        path: [index, ...path],
        names: isBase ? names : [name, ...names],
      })),
    );
  }
  return 'item' in item ? columnsWithin(item.item) : [{ path: [], names: [] }];
}

/** The type of a column inside an item as columns name it: `float64[][]`. */
export function describeItem(item: ItemType, path: readonly number[] = []): string {
  switch (item.kind) {
    case 'number':
      return item.number;
    case 'text':
      return 'text';
    case 'array':
      return item.item.kind === 'number'
        ? `${item.item.number}[${item.length}]`
        : `${describeItem(item.item, path)}[]`;
    case 'list':
    case 'rest':
    case 'counted':
      return `${describeItem(item.item, path)}[]`;
    case 'container':
    case 'named':
      return describeItem(item.item, path);
    case 'record':
      return describeItem(item.members[path[0]].item, path.slice(1));
    case 'identity':
      return 'not readable (TObject)';
    case 'unknown':
      return `not readable (${item.reason})`;
  }
}

/** Why a column inside an item cannot be read, undefined when it can. */
export function reasonAgainst(item: ItemType, path: readonly number[]): string | undefined {
  if (item.kind === 'unknown') return item.reason;
  if (item.kind === 'record') return reasonAgainst(item.members[path[0]].item, path.slice(1));
  return 'item' in item ? reasonAgainst(item.item, path) : undefined;
}

/** Bytes that a number takes in the file. */
export function numberBytes({ number, packing }: NumberItem): number {
  return packing === undefined ? bytesOf(number) : packedBytes(packing);
}

/** The fewest bytes that an item takes, so that counts can be checked before anything is read. */
export function fewestBytes(item: ItemType): number {
  switch (item.kind) {
    case 'number':
      return numberBytes(item);
    case 'text':
    case 'counted':
      return 1;
    case 'list':
      return 4;
    case 'container':
      return 2;
    case 'array':
      return item.length * fewestBytes(item.item);
    case 'named':
      return 1 + fewestBytes(item.item);
    case 'identity':
      return 10;
    case 'record': {
      const members = item.members.reduce((sum, member) => sum + fewestBytes(member.item), 0);
      return members + (item.isHeaded ? 2 : 0);
    }
    case 'rest':
    case 'unknown':
      return 0;
  }
}

/** The bytes of an item that always takes as many, else undefined. */
export function fixedBytes(item: ItemType): number | undefined {
  if (item.kind === 'number') return numberBytes(item);
  return item.kind === 'array' && item.item.kind === 'number' ? fewestBytes(item) : undefined;
}
