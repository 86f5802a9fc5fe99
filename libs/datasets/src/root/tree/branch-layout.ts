/** How the bytes of an entry become the value of a column. */
import type { Branch, ElementInfo, Leaf } from './branch.ts';
import type { ClassItems } from './class-items.ts';
import { numberItem } from './class-items.ts';
import { COUNTED_ARRAY, DOUBLE32, FIXED_ARRAY, FLOAT16 } from '../objects/element-code.ts';
import type { NumberType } from '../../columns/number-types.ts';
import { bytesOf } from '../../columns/number-types.ts';
import type { ClassDescriptions, StreamerElement } from '../objects/streamer-info.ts';
import type { ItemType, NumberItem } from './item-type.ts';
import { columnsWithin, describeItem, reasonAgainst } from './item-type.ts';
import { parseTemplate } from './type-name.ts';

/** Layout of the entries of a branch. */
export type Layout =
  /** The same bytes in each entry, of which `width` numbers at `offset` are the value. */
  | {
      readonly kind: 'numbers';
      readonly number: NumberType;
      readonly width: number;
      readonly offset: number;
      readonly entryBytes: number;
    }
  /** Numbers in groups of `width` to the end of the entry; no header, or that of an STL container. */
  | {
      readonly kind: 'lists';
      readonly number: NumberType;
      readonly width: number;
      readonly hasHeader: boolean;
    }
  /** Anything else, value by value, of which the column is at the end of `path`. */
  | { readonly kind: 'items'; readonly item: ItemType; readonly path: readonly number[] }
  | { readonly kind: 'unknown'; readonly reason: string };

/** A column of a branch: its name behind that of the branch, none where the branch is one column. */
export type NamedLayout = readonly [names: readonly string[], layout: Layout];

/** Classes of a file, as their descriptions and as the items that they stand for. */
export interface Classes {
  readonly descriptions: ClassDescriptions;
  readonly items: ClassItems;
}

/** The type as columns name it. */
export function describeLayout(layout: Layout): string {
  switch (layout.kind) {
    case 'numbers':
      return layout.number + widthSuffix(layout.width);
    case 'lists':
      return `${layout.number}${widthSuffix(layout.width)}[]`;
    case 'items':
      return describeItem(layout.item, layout.path);
    case 'unknown':
      return `not readable (${layout.reason})`;
  }
}

function widthSuffix(width: number): string {
  return width === 1 ? '' : `[${width}]`;
}

/** The columns of a branch that has no branches inside. */
export function layoutsOf(branch: Branch, classes: Classes): NamedLayout[] {
  const { element, leaves, className } = branch;
  if (leaves.length > 1) return leafLayouts(leaves);
  if (leaves.length === 0) return unknown(`${className} without leaf`);
  if (className === 'TBranchObject') return itemLayouts(namedObject(branch, classes));
  if (element !== undefined) return itemLayouts(elementItem(branch, element, classes));
  return itemLayouts(className === 'TBranch' ? leafItem(leaves[0]) : { kind: 'unknown', reason: className });
}

function unknown(reason: string): NamedLayout[] {
  return [[[], { kind: 'unknown', reason }]];
}

/** Every column in an item; fast layouts where they do. */
function itemLayouts(item: ItemType): NamedLayout[] {
  const whole = numbersLayout(item) ?? listsLayout(item);
  if (whole !== undefined) return [[[], whole]];
  return columnsWithin(item).map(({ path, names }) => {
    const reason = reasonAgainst(item, path);
    return [names, reason === undefined ? { kind: 'items', item, path } : { kind: 'unknown', reason }];
  });
}

function numbersLayout(item: ItemType): Layout | undefined {
  const [inner, width] = item.kind === 'array' ? [item.item, item.length] : [item, 1];
  if (inner.kind !== 'number' || inner.packing !== undefined) return undefined;
  const { number } = inner;
  return { kind: 'numbers', number, width, offset: 0, entryBytes: width * bytesOf(number) };
}

function listsLayout(item: ItemType): Layout | undefined {
  const hasHeader = item.kind === 'container';
  const list = hasHeader ? item.item : item;
  const isPlain = hasHeader ? list.kind === 'list' : list.kind === 'rest' && list.hasFlag !== true;
  const inner = isPlain && 'item' in list ? numbersLayout(list.item) : undefined;
  if (inner?.kind !== 'numbers') return undefined;
  return { kind: 'lists', number: inner.number, width: inner.width, hasHeader };
}

/** An object of a class, behind its name. */
function namedObject({ objectClass }: Branch, { items }: Classes): ItemType {
  const item = items.ofType(objectClass);
  return item.kind === 'record' ? { kind: 'named', item } : { kind: 'unknown', reason: objectClass };
}

const leafNumbers: Readonly<Record<string, readonly [signed: NumberType, unsigned: NumberType]>> = {
  TLeafO: ['bool', 'bool'],
  TLeafB: ['int8', 'uint8'],
  TLeafS: ['int16', 'uint16'],
  TLeafI: ['int32', 'uint32'],
  TLeafL: ['int64', 'uint64'],
  TLeafG: ['int64', 'uint64'],
  TLeafF: ['float32', 'float32'],
  TLeafD: ['float64', 'float64'],
};

function leafItem(leaf: Leaf): ItemType {
  if (leaf.className === 'TLeafC') return { kind: 'text' };
  const number = leafNumber(leaf);
  if (number === undefined) return { kind: 'unknown', reason: leaf.className };
  const group = grouped(number, leaf.width);
  return leaf.countLeaf === undefined ? group : { kind: 'rest', item: group };
}

function leafNumber({ className, isUnsigned, title }: Leaf): NumberItem | undefined {
  if (className === 'TLeafD32') return numberItem(DOUBLE32, title);
  if (className === 'TLeafF16') return numberItem(FLOAT16, title);
  if (!Object.hasOwn(leafNumbers, className)) return undefined;
  return { kind: 'number', number: leafNumbers[className][isUnsigned ? 1 : 0] };
}

function grouped(item: ItemType, length: number): ItemType {
  return length === 1 ? item : { kind: 'array', length, item };
}

/** Leaves of one branch lie one behind the other in each entry. */
function leafLayouts(leaves: readonly Leaf[]): NamedLayout[] {
  const numbers = leaves.map(leafNumber);
  const odd = leaves.find((leaf, i) => numbers[i] === undefined || leaf.countLeaf !== undefined);
  if (odd !== undefined) {
    const reason = `${odd.className}${odd.countLeaf === undefined ? '' : ' of variable length'} among several leaves`;
    return leaves.map(({ name }) => [[name], { kind: 'unknown', reason }]);
  }
  const members = leaves.map(({ name, width }, i) => {
    return { name, isBase: false, item: grouped(numbers[i]!, width) };
  });
  if (numbers.some((number) => number!.packing !== undefined)) {
    return itemLayouts({ kind: 'record', isHeaded: false, members });
  }
  const bytes = leaves.map((leaf, i) => leaf.width * bytesOf(numbers[i]!.number));
  const entryBytes = bytes.reduce((sum, size) => sum + size, 0);
  let offset = 0;
  return leaves.map(({ name, width }, i) => {
    const layout: Layout = { kind: 'numbers', number: numbers[i]!.number, width, offset, entryBytes };
    offset += bytes[i];
    return [[name], layout];
  });
}

/** What an entry of a branch of a class, or of one of its members, consists of. */
function elementItem(branch: Branch, element: ElementInfo, { descriptions, items }: Classes): ItemType {
  const { className, kind } = element;
  if (kind === 3 || kind === 4) return { kind: 'unknown', reason: `${className} without split members` };
  if (kind < -1 || (kind > 2 && kind !== 31 && kind !== 41)) {
    return { kind: 'unknown', reason: `TBranchElement of kind ${kind}` };
  }
  if (element.member < 0) return wholeItem(element, items);
  const inside = memberItem(branch, element, memberOf(branch, element, descriptions), items);
  if (kind === 31 || kind === 41) return { kind: 'rest', item: inside };
  return inside.kind === 'counted' ? { kind: 'rest', item: inside.item, hasFlag: true } : inside;
}

/** A whole object in each entry: without header, unless its class has its own way to write it. */
function wholeItem({ className, kind }: ElementInfo, items: ClassItems): ItemType {
  const item = items.ofWhole(className);
  if (item.kind === 'container' && item.item.kind === 'text') return item.item;
  return item.kind === 'record' && kind !== -1 ? { ...item, isHeaded: false } : item;
}

/** Of numbers the branch knows the type, of anything else the description of the class. */
function memberItem(
  { leaves }: Branch,
  { code }: ElementInfo,
  member: StreamerElement | undefined,
  items: ClassItems,
): ItemType {
  const single = code > FIXED_ARRAY && code < COUNTED_ARRAY ? code - FIXED_ARRAY : code;
  const isPacked = single === DOUBLE32 || single === FLOAT16;
  const number = isPacked && member === undefined ? undefined : numberItem(single, member?.title ?? '');
  if (number !== undefined) return grouped(number, leaves[0].width);
  if (member !== undefined) return items.ofMember(member);
  return { kind: 'unknown', reason: `type code ${code}` };
}

/** The member of its class that a branch holds; pairs are not described, their name tells. */
function memberOf(
  branch: Branch,
  { className, checksum, member, code }: ElementInfo,
  descriptions: ClassDescriptions,
): StreamerElement | undefined {
  const elements = descriptions.ofChecksum(className, checksum)?.elements ?? pairElements(className, code);
  const name = branch.name.replace(/\[.*$/, '').split('.').at(-1);
  const byPlace = elements[member];
  return byPlace?.name === name ? byPlace : elements.find((element) => element.name === name);
}

function pairElements(className: string, code: number): StreamerElement[] {
  const { template, parameters } = parseTemplate(className) ?? { template: '', parameters: [] };
  if (template !== 'pair' || parameters.length !== 2) return [];
  return ['first', 'second'].map((name, i) => {
    return { name, title: '', code, typeName: parameters[i], arrayLength: 0, countName: '' };
  });
}
