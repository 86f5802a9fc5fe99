/** Branches of a tree, as far as reading needs them. */
import type { BasketContent } from './basket.ts';
import { Damage } from '../../damage.ts';
import type { StreamedObject } from '../objects/streamed-object.ts';

/** A leaf: one value, or array of values, in each entry of a branch. */
export interface Leaf {
  readonly className: string;
  readonly name: string;
  readonly title: string;
  /** Numbers for each element: the product of the fixed dimensions. */
  readonly width: number;
  readonly isUnsigned: boolean;
  /** Name of the leaf that counts elements, undefined when their number is fixed. */
  readonly countLeaf: string | undefined;
}

/** What a branch of a class (TBranchElement) tells beyond others. */
export interface ElementInfo {
  readonly className: string;
  readonly checksum: number;
  /** Place of the member in its class, negative for a branch that holds a whole object. */
  readonly member: number;
  /** -1 to 2 plain, 3 and 4 counter of a split collection, 31 and 41 member of a split collection. */
  readonly kind: number;
  /** Code of the stored type, see `element-code.ts`. */
  readonly code: number;
}

/** Entries [first, end) of a branch: in a record of the file, or in the record of the tree. */
export interface BasketPlace {
  readonly first: number;
  readonly end: number;
  readonly position: number;
  readonly bytes: number;
  readonly embedded: BasketContent | undefined;
}

/** A branch without its values. */
export interface Branch {
  readonly className: string;
  readonly name: string;
  readonly entries: number;
  readonly leaves: readonly Leaf[];
  readonly element: ElementInfo | undefined;
  /** Class of the objects of a TBranchObject; empty otherwise. */
  readonly objectClass: string;
  /** Places of the baskets; together they cover all entries without gap. Throws `Damage` where they do not. */
  readonly baskets: () => readonly BasketPlace[];
  readonly children: readonly Branch[];
  /** File of the values when it is another one. */
  readonly otherFile: string;
}

/** The branches of a decoded TTree or of a decoded branch. */
export function branchesOf(parent: StreamedObject): Branch[] {
  return parent.collection('fBranches').map((branch) => {
    if (branch === null) throw new Damage(`the ${parent.className} has an empty branch`);
    return branchOf(branch);
  });
}

function branchOf(object: StreamedObject): Branch {
  return {
    className: object.className,
    name: object.text('fName'),
    entries: object.number('fEntries'),
    leaves: object.collection('fLeaves').map(leafOf),
    element: object.members.has('fStreamerType') ? elementOf(object) : undefined,
    objectClass: object.className === 'TBranchObject' ? object.text('fClassName') : '',
    baskets: () => basketPlaces(object),
    children: branchesOf(object),
    otherFile: object.text('fFileName'),
  };
}

function leafOf(object: StreamedObject | null): Leaf {
  if (object === null) throw new Damage('a branch has an empty leaf');
  return {
    className: object.className,
    name: object.text('fName'),
    title: object.text('fTitle'),
    width: object.number('fLen'),
    isUnsigned: object.number('fIsUnsigned') !== 0,
    countLeaf: object.object('fLeafCount')?.text('fName'),
  };
}

function elementOf(object: StreamedObject): ElementInfo {
  return {
    className: object.text('fClassName'),
    checksum: object.number('fCheckSum'),
    member: object.number('fID'),
    kind: object.number('fType'),
    code: object.number('fStreamerType'),
  };
}

/** @throws Damage when the lists of a branch do not cover its entries */
export function basketPlaces(object: StreamedObject): BasketPlace[] {
  const entries = object.number('fEntries');
  const firsts = object.numbers('fBasketEntry');
  const positions = object.numbers('fBasketSeek');
  const bytes = object.numbers('fBasketBytes');
  const embedded = object.collection('fBaskets');
  const last = object.number('fWriteBasket');
  const places: BasketPlace[] = [];
  for (let i = 0, first = 0; first < entries; i++) {
    const end = i < last && i + 1 < firsts.length ? firsts[i + 1] : entries;
    const isListed = i <= last && i < positions.length && i < bytes.length;
    if (!isListed || firsts[i] !== first || !(end >= first && end <= entries)) {
      throw new Damage(`its baskets do not cover its ${entries} entries`);
    }
    const place = { first, end, position: positions[i], bytes: bytes[i] };
    places.push({ ...place, embedded: positions[i] === 0 ? embeddedContent(embedded[i]) : undefined });
    first = end;
  }
  return places;
}

function embeddedContent(basket: StreamedObject | null | undefined): BasketContent {
  if (basket?.payload === undefined) throw new Damage('a basket is neither in the file nor in the tree');
  return basket.payload as BasketContent;
}
