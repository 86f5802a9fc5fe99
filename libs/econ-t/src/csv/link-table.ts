/** CSV files with the words of the output links, a row for each bunch crossing. */
import { streamTables } from '@hep/datasets';
import type { FirstLine, Target } from '@hep/datasets';
import { MAX_ELINKS } from '@hep/hgcal-geometry';
import { UserError } from '@hep/options';
import { integerRows } from './integers.ts';

/** Words of the output links in a block of crossings. */
export interface LinkBlock {
  readonly eLinks: number;
  /** [crossings, eLinks] */
  readonly links: Uint32Array;
  /** File and line of a crossing of the block, for messages. */
  readonly describe: (row: number) => string;
}

/** Names of the columns with the words of the links. */
export const outputColumns: readonly string[] = Array.from(
  { length: MAX_ELINKS },
  (_, link) => `TX_DATA_${link}`,
);

const BLOCK_CROSSINGS = 4096;

/**
 * Reads a file block by block in bounded memory. Columns are named `TX_DATA_0`, `TX_DATA_1`, ..., or they are the only
 * ones of a file without a header.
 * @param eLinks links that the file must have; default: as many as it has
 * @throws UserError naming file, line, crossing and column of what is no 32-bit word, on another number of links, and
 * on rows that are cut
 */
export async function* streamOutputLinks(path: string, eLinks?: number): AsyncGenerator<LinkBlock> {
  const places = new Map<string, number>();
  const plan = {
    shape: { width: 0, matrixCheck: 'finite' as const, numbers: outputColumns, texts: [] },
    rowName: 'crossing',
    locate(file: FirstLine) {
      locateLinks(file, eLinks).forEach((place, link) => places.set(outputColumns[link], place));
      return new Map<number, Target>([...places].map(([name, place]) => [place, { kind: 'number', name }]));
    },
  };
  let firstCrossing = 0;
  for await (const { rows, numbers, origin } of streamTables([path], plan, BLOCK_CROSSINGS)) {
    if (rows === 0) continue;
    const words = [...numbers.values()];
    const columns = [...numbers.keys()].map((name) => ({ name, largest: 2 ** 32 - 1 }));
    const links = integerRows(
      new Uint32Array(rows * columns.length),
      columns,
      (link, row) => words[link][row],
      { origin, places, firstCrossing },
    );
    yield { eLinks: columns.length, links, describe: (row) => `${path} line ${origin.lines[row]}` };
    firstCrossing += rows;
  }
}

/** Places of the links' columns. */
function locateLinks({ path, names, hasHeader }: FirstLine, eLinks?: number): number[] {
  const found = hasHeader
    ? outputColumns.map((name) => names.indexOf(name)).filter((place) => place >= 0)
    : names.map((_, place) => place);
  const isComplete = !hasHeader || found.every((_, link) => names.includes(outputColumns[link]));
  if (found.length === 0 || found.length > MAX_ELINKS || !isComplete) {
    throw new UserError(
      `${path}: ${hasHeader ? `the header has ${names.slice(0, 4).join(', ')}` : `${names.length} columns`}; ` +
        `expected the link words ${outputColumns[0]}, ${outputColumns[1]}, ... of 1 to ${MAX_ELINKS} eLinks`,
    );
  }
  if (eLinks !== undefined && eLinks !== found.length) {
    throw new UserError(
      `${path}: words of ${found.length} eLinks, expected ${eLinks}; give --elinks ${found.length}, or the file of ${eLinks}`,
    );
  }
  return found;
}
