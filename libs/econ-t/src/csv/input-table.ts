/** CSV files with a row for each bunch crossing: words of the input links, or calibrated charges. */
import { locateWaferColumns, streamTables } from '@hep/datasets';
import type { FirstLine, Table, Target } from '@hep/datasets';
import { UserError } from '@hep/options';
import { CROSSINGS_PER_ORBIT } from '../bunch-counter.ts';
import { CHANNELS } from '../channels.ts';
import { INPUT_LINKS, PAYLOAD_BITS } from '../raw-links.ts';
import { integerRows } from './integers.ts';
import type { BlockOrigin } from './integers.ts';

/** Crossings of a block. */
export interface InputBlock {
  /** `links`: words [crossings, 12]. `charges`: CALQ in the order of trigger cells, [crossings, 48]. */
  readonly kind: 'links' | 'charges';
  readonly values: Uint32Array;
  /** Number of each crossing in its orbit, [crossings]. */
  readonly crossings: Int32Array;
  /** 1 where the links' reset, or that of the front end, is commanded (column FASTCMD), [crossings]. */
  readonly linkResets: Uint8Array;
  readonly frontEndResets: Uint8Array;
}

/** How input links are read. */
export interface InputTableOptions {
  /** Whether bits 31..28 of the words hold headers. */
  readonly hasLinkHeaders: boolean;
}

const CALQ_BITS = 22;
const FAST_COMMAND = 'FASTCMD';
/** Column of the crossing's number, the first one that is there. */
const crossingColumns = ['GOD_BUCKET_NUMBER', 'BX'] as const;
const linkColumns = Array.from({ length: INPUT_LINKS }, (_, link) => `ePortRxDataGroup_${link}`);
const chargeColumns = Array.from({ length: CHANNELS }, (_, cell) => `CALQ_${cell}`);

const BLOCK_CROSSINGS = 4096;

/**
 * Reads a file block by block in bounded memory. Input links are named
 * `ePortRxDataGroup_0` to `_11`, or 12 columns without a header; charges as in CALQ files.
 * @throws UserError naming file, line, crossing and column of what is no integer or too large, and on rows that are cut
 */
export async function* streamInput(path: string, options: InputTableOptions): AsyncGenerator<InputBlock> {
  const places = new Map<string, number>();
  const plan = {
    shape: {
      width: CHANNELS,
      matrixCheck: 'finite' as const,
      numbers: [...linkColumns, ...crossingColumns],
      texts: [FAST_COMMAND],
    },
    rowName: 'crossing',
    locate(file: FirstLine) {
      const targets = locateInput(file);
      for (const [place, target] of targets) places.set(nameOf(target), place);
      return targets;
    },
  };
  let firstCrossing = 0;
  for await (const table of streamTables([path], plan, BLOCK_CROSSINGS)) {
    if (table.rows === 0) continue;
    yield blockOf(table, { origin: table.origin, places, firstCrossing }, options);
    firstCrossing += table.rows;
  }
}

function nameOf(target: Target): string {
  return target.kind === 'matrix' ? chargeColumns[target.index] : target.name;
}

function locateInput(file: FirstLine): ReadonlyMap<number, Target> {
  const { path, names, hasHeader } = file;
  const isLinks = hasHeader ? names.some((name) => linkColumns.includes(name)) : names.length === INPUT_LINKS;
  if (!isLinks && (hasHeader ? !names.includes('CALQ_0') : names.length < CHANNELS)) {
    const found = hasHeader ? `the header has ${names.slice(0, 4).join(', ')}` : `${names.length} columns`;
    throw new UserError(
      `${path}: ${found}; expected ${INPUT_LINKS} input links (${linkColumns[0]} to ${linkColumns[INPUT_LINKS - 1]}) ` +
        `or ${CHANNELS} charges (CALQ_0 to CALQ_47)`,
    );
  }
  const targets = new Map<number, Target>(isLinks ? locateLinks(file) : chargesOf(file));
  if (!hasHeader) return targets;
  for (const name of crossingColumns) {
    const place = names.indexOf(name);
    if (place >= 0) targets.set(place, { kind: 'number', name });
  }
  const commands = names.indexOf(FAST_COMMAND);
  if (commands >= 0) targets.set(commands, { kind: 'text', name: FAST_COMMAND });
  return targets;
}

function locateLinks({ path, names, hasHeader }: FirstLine): [number, Target][] {
  return linkColumns.map((name, link) => {
    const place = hasHeader ? names.indexOf(name) : link;
    if (place >= 0) return [place, { kind: 'number', name }];
    throw new UserError(`${path}: column ${name} is missing; expected all ${INPUT_LINKS} input links`);
  });
}

function chargesOf(file: FirstLine): [number, Target][] {
  return [...locateWaferColumns(file)].filter(([, { kind }]) => kind === 'matrix');
}

function blockOf(table: Table, block: BlockOrigin, { hasLinkHeaders }: InputTableOptions): InputBlock {
  const { rows, numbers, matrix } = table;
  const isLinks = numbers.has(linkColumns[0]);
  const bits = !isLinks ? CALQ_BITS : hasLinkHeaders ? 32 : PAYLOAD_BITS;
  const advice =
    isLinks && !hasLinkHeaders
      ? `words have ${PAYLOAD_BITS} bits, with --link-headers 32`
      : 'correct the line or remove it';
  const columns = (isLinks ? linkColumns : chargeColumns).map((name) => ({
    name,
    largest: 2 ** bits - 1,
    advice,
  }));
  const links = linkColumns.map((name) => numbers.get(name)!);
  const values = integerRows(
    new Uint32Array(rows * columns.length),
    columns,
    isLinks ? (link, row) => links[link][row] : (cell, row) => matrix[row * CHANNELS + cell],
    block,
  );
  return {
    kind: isLinks ? 'links' : 'charges',
    values,
    crossings: crossingsIn(table, block),
    ...resetsIn(table),
  };
}

function crossingsIn({ rows, numbers }: Table, block: BlockOrigin): Int32Array {
  const name = crossingColumns.find((column) => numbers.has(column));
  if (name === undefined) {
    return Int32Array.from({ length: rows }, (_, row) => (block.firstCrossing + row) % CROSSINGS_PER_ORBIT);
  }
  const column = { name, largest: CROSSINGS_PER_ORBIT - 1 };
  const values = numbers.get(name)!;
  return integerRows(new Int32Array(rows), [column], (_, row) => values[row], block);
}

function resetsIn({ rows, texts }: Table): Pick<InputBlock, 'linkResets' | 'frontEndResets'> {
  const commands = texts.get(FAST_COMMAND);
  const isCommand = (command: string) =>
    Uint8Array.from({ length: rows }, (_, row) =>
      Number(commands !== undefined && commands.labels[commands.codes[row]] === command),
    );
  return {
    linkResets: isCommand('FASTCMD_LINKRESETECONT'),
    frontEndResets: isCommand('FASTCMD_LINKRESETROCT'),
  };
}
