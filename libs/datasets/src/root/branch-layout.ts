/** How the bytes of an entry become the value of a column. */
import type { Branch, ElementInfo, Leaf } from './branch.ts';
import { FIXED_ARRAY, CUSTOM_STREAMER, STL, STL_TEXT, TEXT } from './element-code.ts';
import type { NumberType } from './number-type.ts';
import { bytesOf } from './number-type.ts';
import type { ClassDescriptions, StreamerElement } from './streamer-info.ts';
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

/** All columns of a tree by name. A branch that is split has its parts as columns. */
export function columnsOf(
  branches: readonly Branch[],
  descriptions: ClassDescriptions,
): Map<string, TreeColumn> {
  const columns = new Map<string, TreeColumn>();
  const add = (path: string, name: string, column: TreeColumn) =>
    columns.set(columns.has(name) ? `${path}${name}` : name, column);
  const visit = (branch: Branch, path: string) => {
    const name = branch.name.replace(/(\[\w+\])+$/, '').replace(/\.$/, '');
    if (branch.children.length > 0) {
      for (const child of branch.children) visit(child, `${path}${name}/`);
    } else if (branch.leaves.length > 1) {
      for (const [leaf, layout] of leafLayouts(branch.leaves))
        add(path, `${name}.${leaf}`, { branch, layout });
    } else {
      add(path, name, { branch, layout: layoutOf(branch, descriptions) });
    }
  };
  for (const branch of branches) visit(branch, '');
  return columns;
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
  if (element.kind === 31 || element.kind === 41) return splitMemberLayout(branch, element);
  if (element.kind === 3 || element.kind === 4) return unknown(`${element.className} without split members`);
  if (element.kind < -1 || element.kind > 2) return unknown(`TBranchElement of kind ${element.kind}`);
  if (element.member < 0) return objectLayout(element.className);
  const { code } = element;
  const single = codeNumbers[code] ?? codeNumbers[code - FIXED_ARRAY];
  if (single !== undefined) return fixedLayout(single, branch.leaves[0].width);
  const member = memberOf(branch, element, descriptions);
  if (code === TEXT) return { kind: 'items', item: { kind: 'text' }, hasHeader: false };
  if (![STL, STL_TEXT, CUSTOM_STREAMER].includes(code) || member === undefined) {
    return unknown(member?.typeName ?? `type code ${code}`);
  }
  return objectLayout(member.typeName, true);
}

/** Members of the objects of a split collection: in each entry the numbers of all its objects. */
function splitMemberLayout(branch: Branch, { code, className }: ElementInfo): Layout {
  const number = codeNumbers[code] ?? codeNumbers[code - FIXED_ARRAY];
  if (number === undefined) return unknown(`member of type code ${code} in a collection of ${className}`);
  return { kind: 'lists', number, width: branch.leaves[0].width, hasHeader: false };
}

/** A whole object in each entry. Texts have a header only where they are members of a class. */
function objectLayout(typeName: string, isMember = false): Layout {
  const item = parseTypeName(typeName);
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
