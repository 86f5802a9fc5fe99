import { flatNumbers } from '@hep/datasets/columns';
import type { ColumnTable } from '@hep/datasets/columns';

/** Numbers from 0 that are equal for rows of one event (run and event number); null where the table lacks those. */
export function eventsOf(table: ColumnTable, source: string): Int32Array | null {
  if (!table.columns.has('eventNumber') || !table.columns.has('runNumber')) return null;
  const [runs, events] = ['runNumber', 'eventNumber'].map((name) => flatNumbers(table, name, source));
  const known = new Map<number, Map<number, number>>();
  let count = 0;
  return Int32Array.from({ length: table.rows }, (_, row) => {
    let ofRun = known.get(runs[row]);
    if (ofRun === undefined) known.set(runs[row], (ofRun = new Map()));
    let event = ofRun.get(events[row]);
    if (event === undefined) ofRun.set(events[row], (event = count++));
    return event;
  });
}
