/** Index, blocks, manager and frame of pandas 1 to 3 as pickles build them. */
import type { PickleMachine } from './pickle-machine.ts';
import type { PickleValue, PickleFrame } from './values.ts';
import {
  kindOf,
  PickleArray,
  PickleBlock,
  PickleDict,
  PickleIndex,
  PickleList,
  PickleManager,
  PickleSlice,
  PickleTuple,
} from './values.ts';

/** `slice(start, stop, step)`. */
export function sliceFrom(machine: PickleMachine, items: readonly PickleValue[]): PickleSlice {
  const [start, stop, step = 1] = items;
  return new PickleSlice(
    whole(machine, start),
    whole(machine, stop),
    step === null ? 1 : whole(machine, step),
  );
}

/** `_new_Index(class, {'data': array} or {'start', 'stop', 'step'})`. */
export function indexFrom(machine: PickleMachine, [, fields]: readonly PickleValue[]): PickleIndex {
  if (!(fields instanceof PickleDict)) throw machine.error(`an Index of ${kindOf(fields)}`);
  const data = fields.entries.get('data');
  if (data instanceof PickleArray) return new PickleIndex(data);
  if (data !== undefined) throw machine.error(`labels of an Index are ${kindOf(data)}, expected an array`);
  const [start, stop, step] = ['start', 'stop', 'step'].map((name) =>
    whole(machine, fields.entries.get(name)),
  );
  return new PickleIndex(new PickleSlice(start, stop, step));
}

/** `_unpickle_block(values, places, dimensions)`. */
export function blockFrom(machine: PickleMachine, [values, places]: readonly PickleValue[]): PickleBlock {
  if (!(values instanceof PickleArray)) {
    throw machine.error(`values of a block are ${kindOf(values)}, expected an array`);
  }
  if (!(places instanceof PickleArray) && !(places instanceof PickleSlice)) {
    throw machine.error(`places of a block are ${kindOf(places)}, expected an array or a slice`);
  }
  return new PickleBlock(values.shape.length === 1 ? asRow(values) : values, places);
}

/** Columns of texts are one-dimensional in pandas 3. */
function asRow(values: PickleArray): PickleArray {
  const row = new PickleArray();
  row.shape = [1, values.shape[0]];
  row.dtype = values.dtype;
  row.bytes = values.bytes;
  row.items = values.items;
  return row;
}

/** `BlockManager(blocks, axes)` of pandas 1.3 and later. */
export function managerFrom(machine: PickleMachine, [blocks, axes]: readonly PickleValue[]): PickleManager {
  const manager = new PickleManager();
  manager.blocks = itemsOf(machine, blocks, PickleBlock, 'blocks');
  manager.axes = itemsOf(machine, axes, PickleIndex, 'axes');
  return manager;
}

/** State of a manager of pandas before 1.3: its last part holds `{'0.14.1': {'axes', 'blocks'}}`. */
export function setManagerState(machine: PickleMachine, manager: PickleManager, state: PickleValue): void {
  const versions = state instanceof PickleTuple ? state.items[3] : undefined;
  const content = versions instanceof PickleDict ? versions.entries.get('0.14.1') : undefined;
  if (!(content instanceof PickleDict)) throw machine.error('state of a BlockManager of an unknown form');
  manager.axes = itemsOf(machine, content.entries.get('axes'), PickleIndex, 'axes');
  const blocks = itemsOf(machine, content.entries.get('blocks'), PickleDict, 'blocks');
  manager.blocks = blocks.map((block) =>
    blockFrom(machine, [block.entries.get('values') ?? null, block.entries.get('mgr_locs') ?? null]),
  );
}

/** State of a frame: `_mgr` since pandas 1.1, `_data` before. */
export function setFrameState(machine: PickleMachine, frame: PickleFrame, state: PickleValue): void {
  const manager =
    state instanceof PickleDict ? (state.entries.get('_mgr') ?? state.entries.get('_data')) : undefined;
  if (!(manager instanceof PickleManager)) throw machine.error('a DataFrame without a BlockManager');
  frame.manager = manager;
}

function itemsOf<T extends PickleValue & object>(
  machine: PickleMachine,
  value: PickleValue | undefined,
  type: new (...args: never[]) => T,
  what: string,
): T[] {
  const isSequence = value instanceof PickleTuple || value instanceof PickleList;
  if (!isSequence) throw machine.error(`${what} of a BlockManager are ${kindOf(value)}, expected a list`);
  machine.spend(value.items.length);
  return value.items.map((item) => {
    if (item instanceof type) return item;
    throw machine.error(`${what} of a BlockManager hold ${kindOf(item)}`);
  });
}

function whole(machine: PickleMachine, value: PickleValue | undefined): number {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
  throw machine.error(`${kindOf(value)}, expected a whole number`);
}
