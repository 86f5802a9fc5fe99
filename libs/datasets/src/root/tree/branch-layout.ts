/** How the bytes of an entry become the value of a column. */
import type { Branch, ElementInfo, Leaf } from './branch.ts';
import { FIXED_ARRAY, CUSTOM_STREAMER, DOUBLE32, STL, STL_TEXT, TEXT } from '../objects/element-code.ts';
import type { NumberType } from '../number-type.ts';
import { bytesOf } from '../number-type.ts';
import type { ClassDescriptions, StreamerElement } from '../objects/streamer-info.ts';
import type { ItemType } from './type-name.ts';
import { describeItem, parseTypeName } from './type-name.ts';

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
  /** Anything made of lists and texts, element by element. */
  | { readonly kind: 'items'; readonly item: ItemType; readonly hasHeader: boolean }
  | { readonly kind: 'unknown'; readonly reason: string };

/** A column of a tree: a branch, or a leaf of a branch with several. */
export interface TreeColumn {
  readonly branch: Branch;
  readonly layout: Layout;
}

/** The type as columns name it. */
export function describeLayout(layout: Layout): string {
  switch (layout.kind) {
    case 'numbers':
      return layout.number + widthSuffix(layout.width);
    case 'lists':
      return `${layout.number}${widthSuffix(layout.width)}[]`;
    case 'items':
      return describeItem(layout.item);
    case 'unknown':
      return `not readable (${layout.reason})`;
  }
}

function widthSuffix(width: number): string {
  return width === 1 ? '' : `[${width}]`;
}

/** A column with the names of the branches around it. */
interface NamedColumn {
  readonly name: string;
  readonly parents: readonly string[];
  readonly column: TreeColumn;
}

/**
 * All columns of a tree by name. A branch that is split has its parts as columns; where their names are taken, the
 * names of the branches around come before: `event/pt`.
 */
export function columnsOf(
  branches: readonly Branch[],
  descriptions: ClassDescriptions,
): Map<string, TreeColumn> {
  const all = branches.flatMap((branch) => columnsBelow(branch, [], descriptions));
  const uses = countsOf(all.map(({ name }) => name));
  const columns = new Map<string, TreeColumn>();
  for (const { name, parents, column } of all) {
    const full = uses.get(name)! > 1 ? [...parents, name].join('/') : name;
    const isTaken = columns.has(full);
    columns.set(full, isTaken ? { ...column, layout: unknown('two branches of this name') } : column);
  }
  return columns;
}

function columnsBelow(
  branch: Branch,
  parents: readonly string[],
  descriptions: ClassDescriptions,
): NamedColumn[] {
  const name = branch.name.replace(/(\[\w+\])+$/, '').replace(/\.$/, '');
  if (branch.children.length > 0) {
    return branch.children.flatMap((child) => columnsBelow(child, [...parents, name], descriptions));
  }
  if (branch.leaves.length < 2) {
    return [{ name, parents, column: { branch, layout: layoutOf(branch, descriptions) } }];
  }
  return leafLayouts(branch.leaves).map(([leaf, layout]) => ({
    name: `${name}.${leaf}`,
    parents,
    column: { branch, layout },
  }));
}

function countsOf(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

function layoutOf(branch: Branch, descriptions: ClassDescriptions): Layout {
  const { element, leaves } = branch;
  if (leaves.length === 0) return unknown(`${branch.className} without leaf`);
  if (element !== undefined) return elementLayout(branch, element, descriptions);
  if (branch.className !== 'TBranch') return unknown(branch.className);
  const [leaf] = leaves;
  if (leaf.className === 'TLeafC') return { kind: 'items', item: { kind: 'text' }, hasHeader: false };
  const number = leafNumber(leaf);
  if (number === undefined) return unknown(leaf.className);
  return leaf.countLeaf === undefined
    ? fixedLayout(number, leaf.width)
    : { kind: 'lists', number, width: leaf.width, hasHeader: false };
}

function fixedLayout(number: NumberType, width: number): Layout {
  return { kind: 'numbers', number, width, offset: 0, entryBytes: width * bytesOf(number) };
}

function unknown(reason: string): Layout {
  return { kind: 'unknown', reason };
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

function leafNumber({ className, isUnsigned }: Leaf): NumberType | undefined {
  return Object.hasOwn(leafNumbers, className) ? leafNumbers[className][isUnsigned ? 1 : 0] : undefined;
}

/** Leaves of one branch lie one behind the other in each entry. */
function leafLayouts(leaves: readonly Leaf[]): [string, Layout][] {
  const numbers = leaves.map(leafNumber);
  const odd = leaves.find((leaf, i) => numbers[i] === undefined || leaf.countLeaf !== undefined);
  if (odd !== undefined) {
    const reason = `${odd.className}${odd.countLeaf === undefined ? '' : ' of variable length'} among several leaves`;
    return leaves.map(({ name }) => [name, unknown(reason)]);
  }
  const bytes = leaves.map((leaf, i) => leaf.width * bytesOf(numbers[i]!));
  const entryBytes = bytes.reduce((sum, size) => sum + size, 0);
  let offset = 0;
  return leaves.map(({ name, width }, i) => {
    const layout: Layout = { kind: 'numbers', number: numbers[i]!, width, offset, entryBytes };
    offset += bytes[i];
    return [name, layout];
  });
}

const codeNumbers: Readonly<Record<number, NumberType>> = {
  1: 'int8',
  2: 'int16',
  3: 'int32',
  4: 'int64',
  5: 'float32',
  6: 'int32',
  8: 'float64',
  11: 'uint8',
  12: 'uint16',
  13: 'uint32',
  14: 'uint64',
  16: 'int64',
  17: 'uint64',
  18: 'bool',
};

function elementLayout(branch: Branch, element: ElementInfo, descriptions: ClassDescriptions): Layout {
  if (element.kind === 31 || element.kind === 41) return splitMemberLayout(branch, element, descriptions);
  if (element.kind === 3 || element.kind === 4) return unknown(`${element.className} without split members`);
  if (element.kind < -1 || element.kind > 2) return unknown(`TBranchElement of kind ${element.kind}`);
  if (element.member < 0) return objectLayout(element.className);
  const { code } = element;
  const member = memberOf(branch, element, descriptions);
  const single = numberOfCode(code, member?.title);
  if (single !== undefined) return fixedLayout(single, branch.leaves[0].width);
  if (code === TEXT) return { kind: 'items', item: { kind: 'text' }, hasHeader: false };
  if (![STL, STL_TEXT, CUSTOM_STREAMER].includes(code) || member === undefined) {
    return unknown(member?.typeName ?? `type code ${code}`);
  }
  return objectLayout(member.typeName, true);
}

/** Members of the objects of a split collection: in each entry the numbers of all its objects. */
function splitMemberLayout(branch: Branch, element: ElementInfo, descriptions: ClassDescriptions): Layout {
  const { code, className } = element;
  const number = numberOfCode(code, memberOf(branch, element, descriptions)?.title);
  if (number === undefined) return unknown(`member of type code ${code} in a collection of ${className}`);
  return { kind: 'lists', number, width: branch.leaves[0].width, hasHeader: false };
}

/** A Double32_t is stored as float32 unless its comment gives a range. */
function numberOfCode(code: number, comment: string | undefined): NumberType | undefined {
  const single = code > FIXED_ARRAY ? code - FIXED_ARRAY : code;
  if (single === DOUBLE32) return comment?.includes('[') === false ? 'float32' : undefined;
  return codeNumbers[single];
}

/** A whole object in each entry. Texts have a header only where they are members of a class. */
function objectLayout(typeName: string, isMember = false): Layout {
  const item = parseTypeName(typeName);
  if (typeName === 'TString') return { kind: 'items', item: { kind: 'text' }, hasHeader: false };
  if (item === undefined || item.kind === 'number') return unknown(typeName);
  if (item.kind === 'text') return { kind: 'items', item, hasHeader: isMember };
  if (item.item.kind === 'number')
    return { kind: 'lists', number: item.item.number, width: 1, hasHeader: true };
  return { kind: 'items', item, hasHeader: true };
}

function memberOf(
  branch: Branch,
  { className, checksum, member }: ElementInfo,
  descriptions: ClassDescriptions,
): StreamerElement | undefined {
  const elements = descriptions.ofChecksum(className, checksum)?.elements ?? [];
  const name = branch.name.replace(/\[.*$/, '').split('.').at(-1);
  const byPlace = elements[member];
  return byPlace?.name === name ? byPlace : elements.find((element) => element.name === name);
}
