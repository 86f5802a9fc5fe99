/**
 * Instructions in the binary format of the WebAssembly specification (chapter 5). Every instruction is its bytes; values are
 * pushed before the instruction that takes them. Numbers are 32-bit integers; names with `Long` work on 64-bit ones.
 */
import { signed, unsigned } from './numbers.ts';

/** Bytes of instructions. */
export type Bytes = readonly number[];

const NO_RESULT = 0x40;
const END = 0x0b;

/** The value of a local. */
export const get = (local: number) => [0x20, ...unsigned(local)];
/** Gives a local a value. */
export const set = (local: number, value: Bytes) => [...value, 0x21, ...unsigned(local)];
/** A 32-bit integer. */
export const integer = (value: number) => [0x41, ...signed(BigInt(value))];
/** A 64-bit integer. */
export const long = (value: bigint) => [0x42, ...signed(BigInt.asIntN(64, value))];

const binary = (opcode: number) => (left: Bytes, right: Bytes) => [...left, ...right, opcode];
/** 1 where both are equal, else 0; so are the comparisons below, of unsigned 32-bit integers. */
export const equal = binary(0x46);
/** left < right */
export const isLess = binary(0x49);
/** left > right */
export const isGreater = binary(0x4b);
/** left >= right */
export const isAtLeast = binary(0x4f);
/** left + right, modulo 2^32 */
export const add = binary(0x6a);
/** left - right, modulo 2^32 */
export const subtract = binary(0x6b);
/** Remainder of unsigned 32-bit integers. */
export const remainder = binary(0x70);
/** Bits that both have. */
export const and = binary(0x71);
/** Unsigned shift. */
export const shiftRight = binary(0x76);
/** Adds to a local. */
export const increase = (local: number, by: Bytes) => set(local, add(get(local), by));

/** left + right, modulo 2^64 */
export const addLong = binary(0x7c);
/** left * right, modulo 2^64 */
export const multiplyLong = binary(0x7e);
/** Bits that one of both has. */
export const xorLong = binary(0x85);
/** Unsigned shift. */
export const shiftRightLong = binary(0x88);
/** Bits that leave at the top come in at the bottom. */
export const rotateLeftLong = binary(0x89);
/** An unsigned 32-bit integer as a 64-bit one. */
export const asLong = (value: Bytes) => [...value, 0xad];

/** The byte at an address. */
export const loadByte = (address: Bytes) => [...address, 0x2d, 0, 0];
/** Two bytes, little-endian. */
export const loadTwoBytes = (address: Bytes) => [...address, 0x2f, 0, 0];
/** Eight bytes, little-endian. */
export const loadLong = (address: Bytes, offset = 0) => [...address, 0x29, 0, offset];
/** Four bytes, little-endian, as a 64-bit integer. */
export const loadFourBytesAsLong = (address: Bytes) => [...address, 0x35, 0, 0];
/** Writes the lowest byte of a value. */
export const storeByte = (address: Bytes, value: Bytes) => [...address, ...value, 0x3a, 0, 0];
/** Copies 16 bytes at once. */
export const copy16Bytes = (to: Bytes, from: Bytes) => [...to, ...from, 0xfd, 0, 0, 0, 0xfd, 0x0b, 0, 0];
/** Copies any number of bytes; the places may overlap. */
export const copyBytes = (to: Bytes, from: Bytes, count: Bytes) => [
  ...[...to, ...from, ...count],
  ...[0xfc, 10, 0, 0],
];

/** Does one of two bodies. */
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
/** Ends the function with a result. */
export const giveBack = (value: Bytes) => [...value, 0x0f];
