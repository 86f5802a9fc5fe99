/** Modules of functions that work in memory of their host. */
import type { Bytes } from './instructions.ts';
import { unsigned } from './numbers.ts';

const I32 = 0x7f;
const I64 = 0x7e;
const V128 = 0x7b;
const FUNCTION = 0x60;
const END = 0x0b;
const RESULTS = { none: [], integer: [[I32]], long: [[I64]] };

/** A function whose parameters are integers. Its locals are numbered after them: integers, long ones, vectors. */
export interface FunctionBody {
  readonly name: string;
  readonly parameters: number;
  /** Locals of each kind; none unless given. */
  readonly integers?: number;
  readonly longs?: number;
  /** Of 128 bits. */
  readonly vectors?: number;
  readonly result: keyof typeof RESULTS;
  readonly body: Bytes;
}

const text = (value: string) => [...unsigned(value.length), ...Buffer.from(value, 'ascii')];
const vector = (items: readonly Bytes[]) => [...unsigned(items.length), ...items.flat()];
const section = (id: number, content: Bytes) => [id, ...unsigned(content.length), ...content];

/** A module that imports the memory `host.memory` and exports the functions. */
export function moduleOf(functions: readonly FunctionBody[]): Uint8Array<ArrayBuffer> {
  const numbered = functions.map(({ name }, index) => ({ name, index }));
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, vector(functions.map(signatureOf))),
    ...section(2, vector([[...text('host'), ...text('memory'), 2, 0, 0]])),
    ...section(3, vector(numbered.map(({ index }) => unsigned(index)))),
    ...section(7, vector(numbered.map(({ name, index }) => [...text(name), 0, ...unsigned(index)]))),
    ...section(10, vector(functions.map(codeOf))),
  ]);
}

function signatureOf({ parameters, result }: FunctionBody): number[] {
  return [FUNCTION, ...vector(Array<Bytes>(parameters).fill([I32])), ...vector(RESULTS[result])];
}

function codeOf({ integers = 0, longs = 0, vectors = 0, body }: FunctionBody): number[] {
  const locals = [
    [...unsigned(integers), I32],
    [...unsigned(longs), I64],
    [...unsigned(vectors), V128],
  ];
  const code = [...vector(locals), ...body, END];
  return [...unsigned(code.length), ...code];
}
