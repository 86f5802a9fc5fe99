/**
 * WebAssembly functions written down instruction by instruction, in the binary format of the WebAssembly specification
 * (chapter 5). Every instruction is its bytes; values are pushed before the instruction that takes them.
 */
type Bytes = readonly number[];

/** Signed LEB128, as constants are stored. */
function signed(value: bigint): number[] {
  const bytes = [];
  for (let rest = value; ; rest >>= 7n) {
    const low = Number(rest & 0x7fn);
    if (rest >= -0x40n && rest < 0x40n) return [...bytes, low];
    bytes.push(low | 0x80);
  }
}

/** Unsigned LEB128 below 2^14, as numbers of things and lengths are stored. */
function unsigned(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, value >> 7];
}

const I32 = 0x7f;
const I64 = 0x7e;
const FUNCTION = 0x60;
const NO_RESULT = 0x40;
const END = 0x0b;

const text = (value: string) => [...unsigned(value.length), ...Buffer.from(value, 'ascii')];
const vector = (items: readonly Bytes[]) => [...unsigned(items.length), ...items.flat()];
const section = (id: number, content: Bytes) => [id, ...unsigned(content.length), ...content];

export const get = (local: number) => [0x20, local];
export const set = (local: number, value: Bytes) => [...value, 0x21, local];
export const integer = (value: number) => [0x41, ...signed(BigInt(value))];
/** A 64-bit integer; all names with `long` work on these. */
export const long = (value: bigint) => [0x42, ...signed(BigInt.asIntN(64, value))];

const binary = (opcode: number) => (left: Bytes, right: Bytes) => [...left, ...right, opcode];
export const equal = binary(0x46);
export const isLess = binary(0x49);
export const isGreater = binary(0x4b);
export const isAtLeast = binary(0x4f);
export const add = binary(0x6a);
export const subtract = binary(0x6b);
export const remainder = binary(0x70);
export const and = binary(0x71);
export const shiftRight = binary(0x76);
/** Comparisons, remainder and shift take their operands as unsigned 32-bit integers. */
export const increase = (local: number, by: Bytes) => set(local, add(get(local), by));

export const addLong = binary(0x7c);
export const multiplyLong = binary(0x7e);
export const xorLong = binary(0x85);
export const shiftRightLong = binary(0x88);
export const rotateLeftLong = binary(0x89);
export const asLong = (value: Bytes) => [...value, 0xad];

export const loadByte = (address: Bytes) => [...address, 0x2d, 0, 0];
export const loadTwoBytes = (address: Bytes) => [...address, 0x2f, 0, 0];
export const loadLong = (address: Bytes, offset = 0) => [...address, 0x29, 0, offset];
export const loadFourBytesAsLong = (address: Bytes) => [...address, 0x35, 0, 0];
export const storeByte = (address: Bytes, value: Bytes) => [...address, ...value, 0x3a, 0, 0];
export const copy16Bytes = (to: Bytes, from: Bytes) => [...to, ...from, 0xfd, 0, 0, 0, 0xfd, 0x0b, 0, 0];
export const copyBytes = (to: Bytes, from: Bytes, count: Bytes) => [
  ...[...to, ...from, ...count],
  ...[0xfc, 10, 0, 0],
];

export const when = (condition: Bytes, then: Bytes, otherwise: Bytes = []) => [
  ...[...condition, 0x04, NO_RESULT, ...then],
  ...(otherwise.length > 0 ? [0x05, ...otherwise] : []),
  END,
];
/** Does the body once, and again as long as the condition holds. */
export const repeatWhile = (condition: Bytes, body: Bytes) => [
  ...[0x03, NO_RESULT, ...body],
  ...[...condition, 0x0d, 0, END],
];
export const giveBack = (value: Bytes) => [...value, 0x0f];

/** A function of integers. Its locals are numbered after the parameters: integers, then long ones. */
export interface FunctionBody {
  readonly name: string;
  readonly parameters: number;
  readonly integers: number;
  readonly longs: number;
  readonly result: 'integer' | 'long';
  readonly body: Bytes;
}

/** A module that imports the memory `host.memory` and exports the functions. */
export function moduleOf(functions: readonly FunctionBody[]): Uint8Array<ArrayBuffer> {
  const numbered = functions.map(({ name }, index) => ({ name, index }));
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, vector(functions.map(signatureOf))),
    ...section(2, vector([[...text('host'), ...text('memory'), 2, 0, 0]])),
    ...section(3, vector(numbered.map(({ index }) => [index]))),
    ...section(7, vector(numbered.map(({ name, index }) => [...text(name), 0, index]))),
    ...section(10, vector(functions.map(codeOf))),
  ]);
}

function signatureOf({ parameters, result }: FunctionBody): number[] {
  const types = Array<Bytes>(parameters).fill([I32]);
  return [FUNCTION, ...vector(types), ...vector([[result === 'long' ? I64 : I32]])];
}

function codeOf({ integers, longs, body }: FunctionBody): number[] {
  const code = [
    ...vector([
      [integers, I32],
      [longs, I64],
    ]),
    ...body,
    END,
  ];
  return [...unsigned(code.length), ...code];
}
