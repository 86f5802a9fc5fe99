/** C++ names of numbers and of containers of numbers and texts. */
import type { NumberType } from '../number-type.ts';

/** What one entry, or one element of a list, consists of. */
export type ItemType =
  | { readonly kind: 'number'; readonly number: NumberType }
  | { readonly kind: 'text' }
  | { readonly kind: 'list'; readonly item: ItemType };

const numberNames: Readonly<Record<NumberType, readonly string[]>> = {
  bool: ['bool', 'Bool_t'],
  int8: ['char', 'Char_t', 'signed char', 'int8_t', 'Int8_t'],
  uint8: ['unsigned char', 'UChar_t', 'uint8_t', 'std::byte'],
  int16: ['short', 'Short_t', 'int16_t', 'short int'],
  uint16: ['unsigned short', 'UShort_t', 'uint16_t'],
  int32: ['int', 'Int_t', 'int32_t'],
  uint32: ['unsigned int', 'UInt_t', 'uint32_t', 'unsigned'],
  int64: ['long', 'Long_t', 'long long', 'Long64_t', 'int64_t'],
  uint64: ['unsigned long', 'ULong_t', 'unsigned long long', 'ULong64_t', 'uint64_t'],
  float32: ['float', 'Float_t', 'Double32_t'],
  float64: ['double', 'Double_t'],
};

const numberTypes = new Map<string, NumberType>(
  Object.entries(numberNames).flatMap(([type, names]) =>
    names.map((name): [string, NumberType] => [name, type as NumberType]),
  ),
);

const LIST =
  /^(?:std::)?(?:vector|set|multiset|unordered_set|list|deque|ROOT::VecOps::RVec|ROOT::RVec)<(.*)>$/;
const STANDARD_ALLOCATOR = /,\s*(?:std::)?allocator<.*>\s*$/;
const DEEPEST = 8;

/** The number type of a C++ name. */
export function numberTypeOf(name: string): NumberType | undefined {
  return numberTypes.get(name.trim());
}

/** The structure of a C++ type, undefined when it is neither a number, a text nor lists of them. */
export function parseTypeName(name: string, depth = 0): ItemType | undefined {
  const trimmed = name.trim();
  const number = numberTypeOf(trimmed);
  if (number !== undefined) return { kind: 'number', number };
  if (/^(std::)?string$/.test(trimmed)) return { kind: 'text' };
  const inner = LIST.exec(trimmed)?.[1];
  if (inner === undefined || depth === DEEPEST) return undefined;
  const item = parseTypeName(inner.replace(STANDARD_ALLOCATOR, ''), depth + 1);
  return item && { kind: 'list', item };
}

/** The name that columns give it: `float64[][]`. */
export function describeItem(item: ItemType): string {
  if (item.kind === 'number') return item.number;
  return item.kind === 'text' ? 'text' : `${describeItem(item.item)}[]`;
}
