/** Events by their first generated particle. */
import type { ColumnTable } from '../columns/column.ts';
import { plainNumbers } from '../columns/flat-numbers.ts';
import type { PlainNumbers } from '../columns/flat-numbers.ts';
import { numbersOrLists } from '../columns/object-lists.ts';

/** What the first generated particle of an event must have, limits included; eta with its sign. */
export interface EventCuts {
  readonly leastPtGeV: number;
  readonly mostPtGeV: number;
  readonly leastEta: number;
  readonly mostEta: number;
}

/**
 * 1 for events that pass, [rows]. Events without a particle do not. Limits are rounded to the type of the branch, so
 * that a float32 of 2.4 is at most 2.4.
 */
export function passing(path: string, firstEntry: number, table: ColumnTable, cuts: EventCuts): Uint8Array {
  const within = (name: string, least: number, most: number) => {
    const { values, rows } = firstNumbers(path, firstEntry, table, name);
    const [from, to] = values instanceof Float32Array ? Float32Array.of(least, most) : [least, most];
    return rows.map((at) => at >= 0 && values[at] >= from && values[at] <= to);
  };
  const pt = within('gen_pt', cuts.leastPtGeV, cuts.mostPtGeV);
  const eta = within('gen_eta', cuts.leastEta, cuts.mostEta);
  return Uint8Array.from(pt, (isGood, event) => Number(isGood && eta[event]));
}

/** Numbers of a branch, and where the first one of each event is; -1 where it has none. */
function firstNumbers(
  path: string,
  firstEntry: number,
  table: ColumnTable,
  name: string,
): { values: PlainNumbers; rows: number[] } {
  const source = { path, firstRow: firstEntry, row: 'entry', objects: 'particles' };
  const column = numbersOrLists(source, name, table.columns.get(name)!);
  const events = Array.from({ length: table.rows }, (_, event) => event);
  if (column.kind === 'flat') return { values: plainNumbers(column.values), rows: events };
  const { offsets, content } = column;
  return {
    values: plainNumbers(content.values),
    rows: events.map((event) => (offsets[event] < offsets[event + 1] ? offsets[event] : -1)),
  };
}
