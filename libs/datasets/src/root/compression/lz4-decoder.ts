/**
 * The decoder of raw LZ4 blocks in WebAssembly. A block is a row of sequences: a token with two lengths, literals, and
 * how far back the match is that follows; the last sequence ends behind its literals (LZ4 block format).
 */
import {
  add,
  and,
  copy16Bytes,
  copyBytes,
  equal,
  get,
  giveBack,
  increase,
  integer,
  isAtLeast,
  isGreater,
  isLess,
  loadByte,
  loadTwoBytes,
  remainder,
  repeatWhile,
  set,
  shiftRight,
  storeByte,
  subtract,
  when,
} from '@hep/webassembly';
import type { FunctionBody } from '@hep/webassembly';

/** What the decoder may touch behind the end of the block and of the plain bytes: it copies so many bytes at a time. */
export const STEP_BYTES = 16;
/** From here on a call of the machine's own copy is worth it. */
const MANY_LITERALS = 64;
/** The value of half a token that says: add the bytes that follow. */
const LONG = 15;
const SHORTEST_MATCH = 4;

/** Parameters and locals by number. */
const [IN, END_OF_IN, OUT, END_OF_OUT] = [0, 1, 2, 3];
const [START, TOKEN, LENGTH, BYTE, DISTANCE, DONE] = [4, 5, 6, 7, 8, 9];

const refuse = giveBack(integer(-1));
const inLeft = subtract(get(END_OF_IN), get(IN));
const outLeft = subtract(get(END_OF_OUT), get(OUT));
const here = add(get(OUT), get(DONE));

const nextByte = (local: number) => [
  ...when(isAtLeast(get(IN), get(END_OF_IN)), refuse),
  ...set(local, loadByte(get(IN))),
  ...increase(IN, integer(1)),
];

/** Bytes of a long length are added up to the first below 255. No sum of a block below 2^24 bytes overflows. */
const readLength = (half: number[]) => [
  ...set(LENGTH, half),
  ...when(
    equal(get(LENGTH), integer(LONG)),
    repeatWhile(equal(get(BYTE), integer(255)), [...nextByte(BYTE), ...increase(LENGTH, get(BYTE))]),
  ),
];

const copySteps = (from: number[]) =>
  repeatWhile(isLess(get(DONE), get(LENGTH)), [
    ...copy16Bytes(here, from),
    ...increase(DONE, integer(STEP_BYTES)),
  ]);

const copyLiterals = [
  ...when(isGreater(get(LENGTH), inLeft), refuse),
  ...when(isGreater(get(LENGTH), outLeft), refuse),
  ...when(isAtLeast(get(LENGTH), integer(MANY_LITERALS)), copyBytes(get(OUT), get(IN), get(LENGTH)), [
    ...set(DONE, integer(0)),
    ...copySteps(add(get(IN), get(DONE))),
  ]),
  ...increase(IN, get(LENGTH)),
  ...increase(OUT, get(LENGTH)),
];

/** Zero wraps to the largest number, so one comparison refuses zero and places before the start. */
const readDistance = [
  ...when(isLess(inLeft, integer(2)), refuse),
  ...set(DISTANCE, loadTwoBytes(get(IN))),
  ...increase(IN, integer(2)),
  ...when(isAtLeast(subtract(get(DISTANCE), integer(1)), subtract(get(OUT), get(START))), refuse),
];

/**
 * A match nearer than a step repeats itself: one step is copied byte by byte, after which the bytes come again from the
 * smallest multiple of the distance that is a step or more away.
 */
const widenDistance = [
  ...repeatWhile(isLess(get(DONE), integer(STEP_BYTES)), [
    ...storeByte(here, loadByte(subtract(here, get(DISTANCE)))),
    ...increase(DONE, integer(1)),
  ]),
  ...set(
    DISTANCE,
    subtract(add(get(DISTANCE), integer(STEP_BYTES - 1)), remainder(integer(STEP_BYTES - 1), get(DISTANCE))),
  ),
];

const copyMatch = [
  ...when(isGreater(get(LENGTH), outLeft), refuse),
  ...set(DONE, integer(0)),
  ...when(isLess(get(DISTANCE), integer(STEP_BYTES)), widenDistance),
  ...when(isLess(get(DONE), get(LENGTH)), copySteps(subtract(here, get(DISTANCE)))),
  ...increase(OUT, get(LENGTH)),
];

const sequence = [
  ...nextByte(TOKEN),
  ...readLength(shiftRight(get(TOKEN), integer(4))),
  ...copyLiterals,
  ...when(equal(get(IN), get(END_OF_IN)), giveBack(get(OUT))),
  ...readDistance,
  ...readLength(and(get(TOKEN), integer(LONG))),
  ...increase(LENGTH, integer(SHORTEST_MATCH)),
  ...copyMatch,
];

/**
 * `decode(in, endOfIn, out, endOfOut)` in the imported memory: the plain bytes of the block [in, endOfIn) go to `out`
 * and end where it says, or -1 for a damaged block or one with more bytes than fit. `endOfIn` and `endOfOut` must be
 * followed by `STEP_BYTES` more.
 */
export const lz4Decoder: FunctionBody = {
  name: 'decode',
  parameters: 4,
  integers: 6,
  longs: 0,
  result: 'integer',
  body: [...set(START, get(OUT)), ...repeatWhile(integer(1), sequence), ...refuse],
};
