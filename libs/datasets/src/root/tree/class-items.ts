/** From C++ names and class descriptions to the items that they stand for. */
import type { ClassDescriptions, StreamerElement } from '../objects/streamer-info.ts';
import {
  BASE_CLASS,
  COUNTED_ARRAY,
  CUSTOM_STREAMER,
  DOUBLE32,
  FIXED_ARRAY,
  FLOAT16,
  numberOfCode,
  OBJECT_INSIDE,
  STL,
  STL_TEXT,
  TEXT,
  TNAMED,
  TOBJECT,
} from '../objects/element-code.ts';
import type { ItemType, NumberItem, RecordItem, RecordMember } from './item-type.ts';
import { packingOf } from './packed-number.ts';
import { numberTypeOf, parseTemplate } from './type-name.ts';

const DEEPEST = 12;
/** Items of all branches of a tree, far above those of the largest; ends hostile descriptions. */
const MOST_ITEMS = 1_000_000;

/** Containers whose elements follow each other behind a count. */
const LISTS: readonly string[] = [
  ...['vector', 'set', 'multiset', 'unordered_set', 'unordered_multiset', 'list', 'forward_list', 'deque'],
  ...['ROOT::VecOps::RVec', 'ROOT::RVec'],
];
const MAPS: readonly string[] = ['map', 'multimap', 'unordered_map', 'unordered_multimap'];

/** Classes that write themselves in another way than their descriptions say. */
const OWN_FORM: readonly string[] = [
  ...['TClonesArray', 'TObjArray', 'TList', 'THashList', 'TMap', 'TRef', 'TRefArray', 'TBits'],
  ...[
    'TArrayC',
    'TArrayS',
    'TArrayI',
    'TArrayL',
    'TArrayL64',
    'TArrayF',
    'TArrayD',
    'TDatime',
    'TMatrixTSym<double>',
  ],
];

const TEXT_ITEM: ItemType = { kind: 'text' };
const IDENTITY: ItemType = { kind: 'identity' };
const NAMED: ItemType = {
  kind: 'record',
  isHeaded: true,
  members: [
    { name: 'TObject', isBase: true, item: IDENTITY },
    { name: 'fName', isBase: false, item: TEXT_ITEM },
    { name: 'fTitle', isBase: false, item: TEXT_ITEM },
  ],
};

/** Items of the types and classes of one file. */
export class ClassItems {
  private items = 0;

  constructor(private readonly descriptions: ClassDescriptions) {}

  /**
   * The item of a C++ type as an element of a container: without header, but that of objects.
   * @param comment of the member, which may hold the range of a number
   */
  ofType(name: string, depth = 0, comment = ''): ItemType {
    const trimmed = name.trim();
    if (++this.items > MOST_ITEMS || depth > DEEPEST) return unknown(trimmed);
    if (trimmed === 'Float16_t' || trimmed === 'Double32_t') {
      return packedItem(trimmed === 'Float16_t' ? FLOAT16 : DOUBLE32, comment);
    }
    const number = numberTypeOf(trimmed);
    if (number !== undefined) return { kind: 'number', number };
    if (/^(std::)?string$|^TString$/.test(trimmed)) return TEXT_ITEM;
    return this.ofTemplate(trimmed, depth, comment) ?? this.ofClass(trimmed, depth) ?? unknown(trimmed);
  }

  /** The item of a C++ type that fills a branch or is a member of a class: behind the header of a container. */
  ofWhole(name: string, depth = 0, comment = ''): ItemType {
    const item = this.ofType(name, depth, comment);
    const isContainer = item.kind === 'list' || (item.kind === 'text' && name !== 'TString');
    return isContainer ? { kind: 'container', item } : item;
  }

  /** The item of a member of a class. */
  ofMember(element: StreamerElement, depth = 0): ItemType {
    const { code, typeName, arrayLength, title } = element;
    if (code === STL || code === CUSTOM_STREAMER || code === STL_TEXT) {
      return arrayLength > 0 ? unknown(`array of ${typeName}`) : this.ofWhole(typeName, depth, title);
    }
    if (code === TOBJECT) return IDENTITY;
    if (code === TNAMED) return NAMED;
    if (code === TEXT && arrayLength === 0) return TEXT_ITEM;
    if (OBJECT_INSIDE.includes(code) && arrayLength === 0) return this.ofType(typeName, depth);
    const single = arrayLength > 0 && code > FIXED_ARRAY && code < STL ? code - FIXED_ARRAY : code;
    if (OBJECT_INSIDE.includes(single) || OBJECT_INSIDE.includes(code)) {
      return { kind: 'array', length: arrayLength, item: this.ofType(typeName, depth) };
    }
    return numberMember(element) ?? unknown(typeName || `type code ${code}`);
  }

  private ofTemplate(name: string, depth: number, comment: string): ItemType | undefined {
    const { template, parameters } = parseTemplate(name) ?? { template: '', parameters: [] };
    if (LISTS.includes(template)) {
      return { kind: 'list', item: this.ofType(parameters[0], depth + 1, comment) };
    }
    if (template === 'bitset') return { kind: 'list', item: { kind: 'number', number: 'bool' } };
    if (parameters.length < 2) return undefined;
    if (MAPS.includes(template))
      return { kind: 'list', item: { ...this.pair(parameters, depth), isHeaded: false, isInMap: true } };
    return template === 'pair' ? this.pair(parameters, depth) : undefined;
  }

  private pair(parameters: readonly string[], depth: number): RecordItem {
    const members = ['first', 'second'].map((name, i) => {
      return { name, isBase: false, item: this.ofWhole(parameters[i], depth + 1) };
    });
    return { kind: 'record', isHeaded: true, members };
  }

  private ofClass(name: string, depth: number): ItemType | undefined {
    if (name === 'TObject') return IDENTITY;
    if (name === 'TNamed') return NAMED;
    const description = this.descriptions.newest(name);
    if (OWN_FORM.includes(name) || description === undefined || depth > DEEPEST || this.items > MOST_ITEMS)
      return undefined;
    const members = description.elements.map((element): RecordMember => {
      this.items++;
      const isBase = element.code === BASE_CLASS || element.typeName === 'BASE';
      const item = isBase
        ? (this.ofClass(element.name, depth + 1) ?? unknown(element.name))
        : this.ofMember(element, depth + 1);
      return { name: element.name, isBase, item };
    });
    return { kind: 'record', isHeaded: true, version: description.version, members };
  }
}

function unknown(reason: string): ItemType {
  return { kind: 'unknown', reason };
}

function numberMember({ code, arrayLength, countName, title }: StreamerElement): ItemType | undefined {
  const single = code > COUNTED_ARRAY ? code - COUNTED_ARRAY : code > FIXED_ARRAY ? code - FIXED_ARRAY : code;
  const item = numberItem(single, title);
  if (item === undefined) return undefined;
  if (code > COUNTED_ARRAY) return { kind: 'counted', counter: countName, item };
  return arrayLength > 0 ? { kind: 'array', length: arrayLength, item } : item;
}

/** The number of a code, which may be packed as its comment says. */
export function numberItem(code: number, comment: string): NumberItem | undefined {
  if (code === DOUBLE32 || code === FLOAT16) return packedItem(code, comment);
  const number = numberOfCode(code);
  return number && { kind: 'number', number };
}

/** Scaled numbers keep the digits of float64 in a Double32_t. */
function packedItem(code: number, comment: string): NumberItem {
  const packing = packingOf(comment, code === FLOAT16);
  const number = code === DOUBLE32 && packing?.kind === 'scaled' ? 'float64' : 'float32';
  return packing === undefined ? { kind: 'number', number } : { kind: 'number', number, packing };
}
