/** XXH64 with seed 0 in WebAssembly, after the specification of xxHash (doc/xxhash_spec.md). */
import {
  addLong,
  asLong,
  get,
  increase,
  integer,
  isAtLeast,
  loadByte,
  loadFourBytesAsLong,
  loadLong,
  long,
  multiplyLong,
  repeatWhile,
  rotateLeftLong,
  set,
  shiftRightLong,
  subtract,
  when,
  xorLong,
} from '@hep/webassembly';
import type { FunctionBody } from '@hep/webassembly';

const [P1, P2, P3, P4, P5] = [
  0x9e3779b185ebca87n,
  0xc2b2ae3d27d4eb4fn,
  0x165667b19e3779f9n,
  0x85ebca77c2b2ae63n,
  0x27d4eb2f165667c5n,
];

/** Parameters, then long locals, by number. */
const [IN, END_OF_IN, HASH] = [0, 1, 2];
const LANES = [3, 4, 5, 6];
const LENGTH = 7;
const LANE_STARTS = [P1 + P2, P2, 0n, -P1];
const LANE_ROTATIONS = [1n, 7n, 12n, 18n];
const STRIPE_BYTES = 32;

const left = subtract(get(END_OF_IN), get(IN));
const round = (lane: number[], input: number[]) =>
  multiplyLong(rotateLeftLong(addLong(lane, multiplyLong(input, long(P2))), long(31n)), long(P1));
/** HASH = rotate(HASH ^ value, bits) * factor + summand */
const mix = (value: number[], bits: bigint, factor: bigint, summand: bigint) =>
  set(
    HASH,
    addLong(multiplyLong(rotateLeftLong(xorLong(get(HASH), value), long(bits)), long(factor)), long(summand)),
  );

const hashStripe = [
  ...LANES.flatMap((lane, i) => set(lane, round(get(lane), loadLong(get(IN), 8 * i)))),
  ...increase(IN, integer(STRIPE_BYTES)),
];

const joinLanes = [
  ...set(HASH, long(0n)),
  ...LANES.flatMap((lane, i) =>
    set(HASH, addLong(get(HASH), rotateLeftLong(get(lane), long(LANE_ROTATIONS[i])))),
  ),
  ...LANES.flatMap((lane) =>
    set(HASH, addLong(multiplyLong(xorLong(get(HASH), round(long(0n), get(lane))), long(P1)), long(P4))),
  ),
];

const hashStripes = [
  ...LANES.flatMap((lane, i) => set(lane, long(LANE_STARTS[i]))),
  ...repeatWhile(isAtLeast(left, integer(STRIPE_BYTES)), hashStripe),
  ...joinLanes,
];

/** Does the body as long as so many bytes are left, and advances by them. */
const whileLeft = (bytes: number, body: number[]) => {
  const enough = isAtLeast(left, integer(bytes));
  return when(enough, repeatWhile(enough, [...body, ...increase(IN, integer(bytes))]));
};

const avalanche = (bits: bigint) => xorLong(get(HASH), shiftRightLong(get(HASH), long(bits)));

/** `xxh64(in, endOfIn)` of bytes in the imported memory, as a signed integer. */
export const xxh64Function: FunctionBody = {
  name: 'xxh64',
  parameters: 2,
  integers: 0,
  longs: 1 + LANES.length + 1,
  result: 'long',
  body: [
    ...set(LENGTH, asLong(left)),
    ...when(isAtLeast(left, integer(STRIPE_BYTES)), hashStripes, set(HASH, long(P5))),
    ...set(HASH, addLong(get(HASH), get(LENGTH))),
    ...whileLeft(8, mix(round(long(0n), loadLong(get(IN))), 27n, P1, P4)),
    ...whileLeft(4, mix(multiplyLong(loadFourBytesAsLong(get(IN)), long(P1)), 23n, P2, P3)),
    ...whileLeft(1, mix(multiplyLong(asLong(loadByte(get(IN))), long(P5)), 11n, P1, 0n)),
    ...set(HASH, multiplyLong(avalanche(33n), long(P2))),
    ...set(HASH, multiplyLong(avalanche(29n), long(P3))),
    ...avalanche(32n),
  ],
};
