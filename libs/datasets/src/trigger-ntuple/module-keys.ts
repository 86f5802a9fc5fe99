/** Which module of its event a trigger cell belongs to. */
import { UserError } from '@hep/options/user-error';
import type { TriggerCells } from './trigger-cells.ts';

/** Electromagnetic and hadronic silicon; scintillator has other numbers, and tiles instead of modules. */
const SILICON: readonly number[] = [1, 2];
/** Largest layer, |u| and |v| that a key holds; the detector has 50 layers and |u|, |v| up to 12. */
const LARGEST = 127;

/** Modules of some events, by event and then by side, part, layer, u and v; all [rows]. */
export interface ModuleKeys {
  readonly rows: number;
  readonly event: Int32Array;
  readonly zside: Int32Array;
  readonly subdet: Int32Array;
  readonly layer: Int32Array;
  readonly waferu: Int32Array;
  readonly waferv: Int32Array;
  /** Row of each trigger cell, -1 for those that are left out. */
  readonly rowOfCell: Int32Array;
  /** Trigger cells in events that are used which lie in no silicon. */
  readonly notSilicon: number;
}

/**
 * The modules with a trigger cell in events with `isUsed` 1 and in layers that are wanted.
 * @throws UserError with the entry for a cell of no module that can be
 */
export function keysOf(
  cells: TriggerCells,
  isUsed: Uint8Array,
  isWanted: (layer: number) => boolean,
): ModuleKeys {
  const { offsets, events } = cells;
  const rowOfCell = new Int32Array(offsets[events]).fill(-1);
  const [event, keys]: [number[], number[]] = [[], []];
  const layers = Uint8Array.from({ length: LARGEST + 1 }, (_, layer) => Number(isWanted(layer)));
  let notSilicon = 0;
  for (let e = 0; e < events; e++) {
    if (isUsed[e] === 0) continue;
    const found = new Map<number, number>();
    for (let cell = offsets[e]; cell < offsets[e + 1]; cell++) {
      if (!SILICON.includes(cells.tc_subdet[cell])) {
        notSilicon++;
        continue;
      }
      const layer = cells.tc_layer[cell];
      if (layers[layer] === 0) continue;
      const key = keyOf(cells, e, cell);
      rowOfCell[cell] = found.get(key) ?? found.size;
      if (rowOfCell[cell] === found.size) found.set(key, found.size);
    }
    const sorted = [...found.keys()].sort((a, b) => a - b);
    const rank = new Int32Array(found.size);
    sorted.forEach((key, index) => (rank[found.get(key)!] = keys.length + index));
    for (let cell = offsets[e]; cell < offsets[e + 1]; cell++) {
      if (rowOfCell[cell] >= 0) rowOfCell[cell] = rank[rowOfCell[cell]];
    }
    for (const key of sorted) {
      event.push(e);
      keys.push(key);
    }
  }
  return { ...partsOf(keys), event: Int32Array.from(event), rows: keys.length, rowOfCell, notSilicon };
}

/** 1 bit of side, 1 of part, 7 of layer, 8 of u, 8 of v; grows with each in this order. */
function keyOf(cells: TriggerCells, event: number, cell: number): number {
  const [side, part] = [cells.tc_zside[cell], cells.tc_subdet[cell]];
  const [layer, u, v] = [cells.tc_layer[cell], cells.tc_waferu[cell], cells.tc_waferv[cell]];
  const isIn = (number: number, least: number) =>
    Number.isInteger(number) && number >= least && number <= LARGEST;
  if ((side !== 1 && side !== -1) || !isIn(layer, 1) || !isIn(u, -LARGEST) || !isIn(v, -LARGEST)) {
    throw new UserError(
      `${placeOf(cells, event, cell)}: module in tc_zside ${side}, tc_layer ${layer}, tc_waferu ${u}, tc_waferv ${v}; ` +
        `expected side -1 or 1, a layer from 1 and u, v from -${LARGEST} to ${LARGEST}`,
    );
  }
  return ((side + 1) << 23) | ((part - 1) << 23) | (layer << 16) | ((u + 128) << 8) | (v + 128);
}

function partsOf(keys: readonly number[]) {
  const part = (of: (key: number) => number) => Int32Array.from(keys, of);
  return {
    zside: part((key) => (key >> 24 === 1 ? 1 : -1)),
    subdet: part((key) => ((key >> 23) & 1) + 1),
    layer: part((key) => (key >> 16) & 127),
    waferu: part((key) => ((key >> 8) & 255) - 128),
    waferv: part((key) => (key & 255) - 128),
  };
}

/** Where a trigger cell stands, for messages. */
export function placeOf({ path, firstEntry, offsets }: TriggerCells, event: number, cell: number): string {
  return `${path}: entry ${firstEntry + event}, trigger cell ${cell - offsets[event]} of it`;
}
