/** C++ names of numbers, and of templates with what is between their brackets. */
import type { NumberType } from '../../columns/number-types.ts';

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

/** The number type of a C++ name. */
export function numberTypeOf(name: string): NumberType | undefined {
  return numberTypes.get(name.trim());
}

/** A template and its arguments: `map<int,vector<float> >` is `map` of `int` and `vector<float>`. */
export interface TemplateName {
  /** Without `std::`. */
  readonly template: string;
  readonly parameters: readonly string[];
}

/** The parts of the name of a template, undefined for any other name. */
export function parseTemplate(name: string): TemplateName | undefined {
  const [, template, inside] = /^(?:std::)?([\w:]+)<(.*)>$/.exec(name.trim()) ?? [];
  return template === undefined ? undefined : { template, parameters: splitParameters(inside) };
}

/** Splits at the commas that are in no brackets. */
function splitParameters(text: string): string[] {
  const parameters: string[] = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '<') depth++;
    else if (text[i] === '>') depth--;
    else if (text[i] === ',' && depth === 0) {
      parameters.push(text.slice(start, i).trim());
      start = i + 1;
    }
  }
  return [...parameters, text.slice(start).trim()];
}
