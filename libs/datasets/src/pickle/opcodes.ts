/** What each opcode of protocols 2 to 5 does; the numbers are those of Python's `pickle`. */
import type { PickleMachine } from './pickle-machine.ts';
import { SHORT_BYTES } from './pickle-source.ts';
import type { PickleValue } from './values.ts';
import {
  kindOf,
  LongText,
  PickleBytes,
  PickleDict,
  PickleGlobal,
  PickleList,
  PickleTuple,
} from './values.ts';
import { callGlobal, createFrom, globalNamed } from './vocabulary.ts';

/** Reads the rest of an operation and carries it out. */
export type Operation = (machine: PickleMachine) => void;

/** The end of the program. */
export const STOP = 0x2e;

const HIGHEST_PROTOCOL = 5;
const LONGEST_INTEGER_BYTES = 16;

/** Operations by opcode; any other opcode is refused. */
export const OPERATIONS: ReadonlyMap<number, Operation> = new Map<number, Operation>([
  [0x80, protocol],
  [0x95, (machine) => void machine.source.length64()], // FRAME: only a hint for reading ahead
  // constants
  [0x4e, (machine) => machine.push(null)],
  [0x88, (machine) => machine.push(true)],
  [0x89, (machine) => machine.push(false)],
  [0x4b, (machine) => machine.push(machine.source.uint8())],
  [0x4d, (machine) => machine.push(machine.source.uint16())],
  [0x4a, (machine) => machine.push(machine.source.int32())],
  [0x8a, (machine) => pushInteger(machine, machine.source.uint8())],
  [0x8b, (machine) => pushInteger(machine, machine.source.uint32())],
  [0x47, (machine) => machine.push(machine.source.float64())],
  [0x8c, (machine) => pushText(machine, machine.source.uint8())],
  [0x58, (machine) => pushText(machine, machine.source.uint32())],
  [0x8d, (machine) => pushText(machine, machine.source.length64())],
  [0x43, (machine) => pushBytes(machine, machine.source.uint8())],
  [0x42, (machine) => pushBytes(machine, machine.source.uint32())],
  [0x8e, (machine) => pushBytes(machine, machine.source.length64())],
  [0x96, (machine) => pushBytes(machine, machine.source.length64())],
  // containers
  [0x28, (machine) => machine.mark()],
  [0x29, (machine) => machine.pushContainer(new PickleTuple([]))],
  [0x85, (machine) => machine.pushContainer(new PickleTuple(machine.popMany(1)))],
  [0x86, (machine) => machine.pushContainer(new PickleTuple(machine.popMany(2)))],
  [0x87, (machine) => machine.pushContainer(new PickleTuple(machine.popMany(3)))],
  [0x74, (machine) => machine.pushContainer(new PickleTuple(machine.popToMark()))],
  [0x5d, (machine) => machine.pushContainer(new PickleList())],
  [0x7d, (machine) => machine.pushContainer(new PickleDict())],
  [0x61, (machine) => append(machine, machine.popMany(1))],
  [0x65, (machine) => append(machine, machine.popToMark())],
  [0x73, (machine) => setItems(machine, machine.popMany(2))],
  [0x75, (machine) => setItems(machine, machine.popToMark())],
  [0x30, (machine) => void machine.pop()],
  // memo
  [0x94, (machine) => machine.memoize()],
  [0x71, (machine) => machine.memoize(machine.source.uint8())],
  [0x72, (machine) => machine.memoize(machine.source.uint32())],
  [0x68, (machine) => machine.pushMemo(machine.source.uint8())],
  [0x6a, (machine) => machine.pushMemo(machine.source.uint32())],
  // globals and what they make
  [0x63, (machine) => machine.push(globalNamed(machine, machine.source.line(), machine.source.line()))],
  [0x93, stackGlobal],
  [0x52, reduce],
  [0x81, newObject],
  [0x62, build],
  [0x51, persistent],
]);

function protocol(machine: PickleMachine): void {
  const version = machine.source.uint8();
  if (version > HIGHEST_PROTOCOL) {
    throw machine.error(`protocol ${version}, at most ${HIGHEST_PROTOCOL} can be read`);
  }
}

/** A little-endian integer in two's complement; a bigint where float64 cannot hold it. */
function pushInteger(machine: PickleMachine, length: number): void {
  if (length > LONGEST_INTEGER_BYTES) throw machine.error(`an integer of ${length} bytes`);
  let value = 0n;
  machine.source.bytes(length).forEach((byte, index) => (value |= BigInt(byte) << BigInt(8 * index)));
  const signed = BigInt.asIntN(8 * length, value);
  const number = Number(signed);
  machine.push(Number.isSafeInteger(number) ? number : signed);
}

function pushText(machine: PickleMachine, length: number): void {
  if (length <= SHORT_BYTES) machine.push(machine.source.text(length));
  else machine.pushContainer(new LongText(length, machine.source.skip(length)));
}

function pushBytes(machine: PickleMachine, length: number): void {
  const { source } = machine;
  const place = length <= SHORT_BYTES ? source.bytes(length) : { offset: source.skip(length) };
  machine.pushContainer(new PickleBytes(length, place));
}

function append(machine: PickleMachine, values: readonly PickleValue[]): void {
  const list = machine.top();
  if (!(list instanceof PickleList)) throw machine.error(`${kindOf(list)}, expected a list to append to`);
  for (const value of values) list.items.push(value);
}

function setItems(machine: PickleMachine, values: readonly PickleValue[]): void {
  const dict = machine.top();
  if (!(dict instanceof PickleDict)) throw machine.error(`${kindOf(dict)}, expected a dict to fill`);
  if (values.length % 2 === 1) throw machine.error('a key without a value');
  for (let i = 0; i < values.length; i += 2) {
    const key = values[i];
    if (typeof key === 'string') dict.entries.set(key, values[i + 1]);
  }
}

function stackGlobal(machine: PickleMachine): void {
  const [module, name] = machine.popMany(2);
  if (typeof module !== 'string' || typeof name !== 'string') {
    throw machine.error(`global named by ${kindOf(module)} and ${kindOf(name)}, expected two texts`);
  }
  machine.push(globalNamed(machine, module, name));
}

function reduce(machine: PickleMachine): void {
  const { items } = machine.popTuple();
  machine.pushContainer(callGlobal(machine, machine.popOf(PickleGlobal, 'a global to call'), items));
}

function newObject(machine: PickleMachine): void {
  const { items } = machine.popTuple();
  machine.pushContainer(createFrom(machine, machine.popOf(PickleGlobal, 'a class'), items));
}

function build(machine: PickleMachine): void {
  const state = machine.pop();
  machine.vocabulary.setState(machine, machine.top(), state);
}

/** BINPERSID: something outside of the program, by a name that is a value of its own. */
function persistent(machine: PickleMachine): void {
  const find = machine.vocabulary.persistent;
  if (find === undefined) throw machine.error(`an outside object, which no ${machine.vocabulary.noun} has`);
  machine.pushContainer(find(machine, machine.pop()));
}
