import type { ColumnFile, RowRange } from '@hep/datasets/columns';

/** Events that are worth the calls of reading them. */
const FEWEST = 1000;
/** Events that are decoded at a time; an event has about 20 kB. */
const MOST_DECODED = 8000;
/** Events that become jets at a time. */
const MOST_CONVERTED = 4000;

/** Events that are read together, and the batches in which they are converted. */
export interface EventPortion extends RowRange {
  readonly batches: readonly RowRange[];
}

/**
 * Events of a file in portions of 1000 to 8000: stretches that the file stores together where it tells them, so that
 * nothing is decompressed twice, small ones joined, larger ones cut. Batches have 4000 events at most.
 */
export function* eventPortions({
  rows,
  stretches,
}: Pick<ColumnFile, 'rows' | 'stretches'>): Generator<EventPortion> {
  let first = 0;
  for (const { end } of stretches ?? cut({ first: 0, end: rows }, 2 * FEWEST)) {
    if (end - first < FEWEST && end < rows) continue;
    for (const portion of cut({ first, end }, MOST_DECODED)) {
      yield { ...portion, batches: cut(portion, MOST_CONVERTED) };
    }
    first = end;
  }
}

/** Equal parts of at most `most` events. */
function cut({ first, end }: RowRange, most: number): RowRange[] {
  const parts = Math.ceil((end - first) / most);
  const at = (part: number) => first + Math.round(((end - first) * part) / parts);
  return Array.from({ length: parts }, (_, part) => ({ first: at(part), end: at(part + 1) }));
}
