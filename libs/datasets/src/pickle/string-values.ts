/** Texts as pandas 3 keeps them: Arrow's buffers, or an array of objects within an array of its own. */
import { numbersOver } from '../columns/number-types.ts';
import { setArrayState } from './numpy-values.ts';
import type { PickleMachine } from './pickle-machine.ts';
import type { PickleValue } from './values.ts';
import {
  kindOf,
  PickleArray,
  PickleBytes,
  PickleDict,
  PickleDtype,
  PickleList,
  PickleTuple,
} from './values.ts';

/** Bytes of an offset by Arrow's type of text. */
const OFFSET_BYTES: Readonly<Record<string, 4 | 8>> = { string: 4, utf8: 4, large_string: 8, large_utf8: 8 };

/** An array of texts, or nothing where Arrow has a null. */
function textArray(items: readonly PickleValue[]): PickleArray {
  const array = new PickleArray();
  array.shape = [items.length];
  array.dtype = new PickleDtype('O8');
  array.items = items;
  return array;
}

/** State of an array of the text classes of pandas: `{'_pa_array'}`, or a tuple with a NumPy array. */
export function setTextArrayState(machine: PickleMachine, array: PickleArray, state: PickleValue): void {
  const parts = state instanceof PickleTuple ? state.items.slice(0, 3) : [];
  const inner =
    state instanceof PickleDict
      ? state.entries.get('_pa_array')
      : parts.find((item) => item instanceof PickleArray);
  if (inner === undefined) return setArrayState(machine, array, state);
  if (!(inner instanceof PickleArray)) throw machine.error(`state of an array of texts without an array`);
  array.shape = inner.shape;
  array.dtype = inner.dtype;
  array.items = inner.items;
  array.bytes = inner.bytes;
}

/** `_restore_array((type, length, nulls, offset, [validity, offsets, characters], children, dictionary))`. */
export function arrowArrayFrom(machine: PickleMachine, [parts]: readonly PickleValue[]): PickleArray {
  const [type, length, , offset, list] = parts instanceof PickleTuple ? parts.items : [];
  const width = typeof type === 'string' ? OFFSET_BYTES[type] : undefined;
  const buffers = list instanceof PickleList ? list.items : [];
  if (width === undefined || buffers.length !== 3 || !isCount(length) || !isCount(offset)) {
    throw machine.error(
      `an Arrow array of ${typeof type === 'string' ? type : kindOf(type)}, expected texts`,
    );
  }
  machine.spend(length);
  const [validity, starts, characters] = buffers.map((buffer) => bytesOf(machine, buffer));
  const count = offset + length;
  if (starts.length < (count + 1) * width) {
    if (count === 0) return textArray([]);
    throw machine.error(`${starts.length} bytes of offsets for ${count} texts`);
  }
  const own = Uint8Array.from(starts.subarray(0, (count + 1) * width));
  const positions = Array.from(numbersOver(width === 4 ? 'int32' : 'int64', own), Number);
  const text = Buffer.from(characters.buffer, characters.byteOffset, characters.length);
  const items: PickleValue[] = [];
  for (let i = offset; i < count; i++) {
    const [start, end] = [positions[i], positions[i + 1]];
    if (!(start >= 0 && start <= end && end <= text.length))
      throw machine.error(`text ${i} from ${start} to ${end}`);
    const isNull = validity.length > 0 && ((validity[i >> 3] >> (i & 7)) & 1) === 0;
    items.push(isNull ? null : text.toString('utf8', start, end));
  }
  return textArray(items);
}

/** `chunked_array([arrays], type)`. */
export function chunkedArrayFrom(machine: PickleMachine, [chunks]: readonly PickleValue[]): PickleArray {
  if (!(chunks instanceof PickleList)) throw machine.error(`chunks of an array are ${kindOf(chunks)}`);
  const items: PickleValue[] = [];
  for (const chunk of chunks.items) {
    if (!(chunk instanceof PickleArray) || chunk.items === undefined) {
      throw machine.error(`a chunk of texts is ${kindOf(chunk)}`);
    }
    machine.spend(chunk.items.length);
    for (const item of chunk.items) items.push(item);
  }
  return textArray(items);
}

/** `type_for_alias(name)`. */
export function arrowTypeFrom(machine: PickleMachine, [alias]: readonly PickleValue[]): PickleValue {
  if (typeof alias === 'string' && Object.hasOwn(OFFSET_BYTES, alias)) return alias;
  throw machine.error(
    `Arrow type ${typeof alias === 'string' ? alias.slice(0, 40) : kindOf(alias)}, expected a text`,
  );
}

function isCount(value: PickleValue | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value < 2 ** 32;
}

function bytesOf(machine: PickleMachine, buffer: PickleValue): Uint8Array {
  if (buffer === null) return new Uint8Array(0);
  if (!(buffer instanceof PickleBytes)) throw machine.error(`a buffer of texts is ${kindOf(buffer)}`);
  const { source, length } = buffer;
  if (source instanceof Uint8Array) return source;
  machine.spendBytes(length);
  const bytes = new Uint8Array(length);
  machine.source.readSync(source.offset, bytes);
  return bytes;
}
