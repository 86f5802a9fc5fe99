/**
 * A WebAssembly module that draws dropout masks eight elements at a time. `mix` and the layout are those of
 * `fillMask`, which is its definition; tests compare the two bit for bit.
 *
 * The module is written down here instruction by instruction, in the binary format of the WebAssembly specification
 * (sections 5.3 to 5.5; SIMD opcodes from the table of vector instructions).
 */

import { get, integer, moduleOf, unsigned } from '@hep/webassembly';

const VOID = 0x40;

const set = (local: number) => [0x21, ...unsigned(local)];
const tee = (local: number) => [0x22, ...unsigned(local)];
const simd = (opcode: number) => [0xfd, ...unsigned(opcode)];

const I32_ADD = [0x6a];
const I32_LESS_UNSIGNED = [0x49];
const LOOP = [0x03, VOID];
const BRANCH_IF_TO_LOOP = [0x0d, 0];
const END = [0x0b];
const lanes = (values: readonly number[]) => [
  ...simd(0x0c),
  ...new Uint8Array(Int32Array.from(values).buffer),
];
const store = (offset: number) => [...simd(0x0b), 4, ...unsigned(offset)];
const SPLAT_16 = simd(0x10);
const SPLAT_32 = simd(0x11);
const AT_LEAST_16 = simd(0x36);
const AND = simd(0x4e);
const XOR = simd(0x51);
const EXTEND_LOW_16 = simd(0xa7);
const EXTEND_HIGH_16 = simd(0xa8);
const SHIFT_RIGHT_32 = simd(0xad);
const ADD_32 = simd(0xae);
const MULTIPLY_32 = simd(0xb5);

/** Parameters, all i32, and v128 locals of the function, by number. */
const [OUT, END_OF_OUT, PAIR, KEY, THRESHOLD, KEPT] = [0, 1, 2, 3, 4, 5];
const [COUNTER, KEYS, THRESHOLDS, KEPT_BITS, BITS] = [6, 7, 8, 9, 10];

/** BITS ^= BITS >>> shift; leaves BITS on the stack. */
const xorShift = (shift: number) => [
  ...get(BITS),
  ...integer(shift),
  ...SHIFT_RIGHT_32,
  ...get(BITS),
  ...XOR,
];
const multiply = (factor: number) => [...lanes(Array<number>(4).fill(factor)), ...MULTIPLY_32, ...set(BITS)];
const splat = (parameter: number, opcode: readonly number[], local: number) => [
  ...get(parameter),
  ...opcode,
  ...set(local),
];
/** Stores four elements: KEPT_BITS where a lane of BITS is set, else 0. */
const storeQuarter = (extend: readonly number[], offset: number) => [
  ...get(OUT),
  ...get(BITS),
  ...extend,
  ...get(KEPT_BITS),
  ...AND,
  ...store(offset),
];

const body = [
  ...[...get(PAIR), ...SPLAT_32, ...lanes([0, 1, 2, 3]), ...ADD_32, ...set(COUNTER)],
  ...splat(KEY, SPLAT_32, KEYS),
  ...splat(THRESHOLD, SPLAT_16, THRESHOLDS),
  ...splat(KEPT, SPLAT_32, KEPT_BITS),
  ...LOOP,
  ...[...get(COUNTER), ...get(KEYS), ...XOR, ...set(BITS)],
  ...[...xorShift(16), ...multiply(0x21f0aaad)],
  ...[...xorShift(15), ...multiply(0x735a2d97)],
  ...[...xorShift(15), ...get(THRESHOLDS), ...AT_LEAST_16, ...set(BITS)],
  ...storeQuarter(EXTEND_LOW_16, 0),
  ...storeQuarter(EXTEND_HIGH_16, 16),
  ...[...get(COUNTER), ...lanes([4, 4, 4, 4]), ...ADD_32, ...set(COUNTER)],
  ...[...get(OUT), ...integer(32), ...I32_ADD, ...tee(OUT), ...get(END_OF_OUT), ...I32_LESS_UNSIGNED],
  ...BRANCH_IF_TO_LOOP,
  ...END,
];

/**
 * Imports `host.memory`, exports `fill(out, endOfOut, pair, key, threshold, kept)`: writes float32 with the bits `kept`
 * or 0 from byte `out`, 32 bytes at a time, until `endOfOut`.
 */
export const maskModule: Uint8Array<ArrayBuffer> = moduleOf([
  { name: 'fill', parameters: 6, vectors: 5, result: 'none', body },
]);
