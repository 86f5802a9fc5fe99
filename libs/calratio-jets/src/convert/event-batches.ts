import type { ColumnFile, RowRange } from '@hep/datasets/columns';

/** Events that are worth the calls of reading them. */
const FEWEST = 1000;
/** Events in memory at a time; an event has about 20 kB. */
const MOST = 4000;

/**
 * Events of a file in batches of 1000 to 4000: stretches that the file stores together where it tells them, so that
 * nothing is decompressed twice, small ones joined, large ones cut.
 */
export function* eventBatches({
  rows,
  stretches,
}: Pick<ColumnFile, 'rows' | 'stretches'>): Generator<RowRange> {
  let first = 0;
  for (const { end } of stretches ?? cut({ first: 0, end: rows }, 2 * FEWEST)) {
    if (end - first < FEWEST && end < rows) continue;
    yield* cut({ first, end }, MOST);
    first = end;
  }
}

/** Equal parts of at most `most` events. */
function* cut({ first, end }: RowRange, most: number): Generator<RowRange> {
  const parts = Math.ceil((end - first) / most);
  for (let part = 0; part < parts; part++) {
    const at = (index: number) => first + Math.round(((end - first) * index) / parts);
    yield { first: at(part), end: at(part + 1) };
  }
}
