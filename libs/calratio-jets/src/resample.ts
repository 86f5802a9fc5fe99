import { createGenerator } from '@hep/datasets';
import type {
  Column,
  ColumnFile,
  ColumnTable,
  FlatColumn,
  NumberType,
  TextColumn,
} from '@hep/datasets/columns';
import { emptyNumbers, NUMBER_ARRAYS, openColumns, readPieces, requireColumns } from '@hep/datasets/columns';
import { UserError } from '@hep/options';

/** Which part of a table is kept. */
export interface ResampleRequest {
  readonly path: string;
  /** Share of the rows of each label that is kept, 0 to 1. */
  readonly fraction: number;
  readonly seed: number;
}

/** A part of a table and the types of its columns. */
export interface Resampled {
  readonly table: ColumnTable;
  readonly types: ReadonlyMap<string, string>;
}

/**
 * A random part of a table without replacement, the same share of each label (rounded to whole rows), in random order.
 * The kept rows are in memory.
 * @throws UserError when there is no label, or a column holds lists
 */
export async function resampleJets({ path, fraction, seed }: ResampleRequest): Promise<Resampled> {
  const file = await openColumns(path);
  try {
    requireColumns(path, file.types.keys(), ['label']);
    const rows = await chosenRows(file, fraction, seed);
    const columns = await takeRows(file, rows);
    return { table: { rows: rows.length, columns }, types: file.types };
  } finally {
    await file.close();
  }
}

/** Rows of the file in the order of the output. */
async function chosenRows(file: ColumnFile, fraction: number, seed: number): Promise<Int32Array> {
  const byLabel = new Map<number, number[]>();
  for await (const { range, table } of readPieces(file, ['label'])) {
    const column = table.columns.get('label')!;
    if (column.kind !== 'flat') throw new UserError(`${file.path}: column label holds no single numbers`);
    column.values.forEach((value, i) => {
      const rows = byLabel.get(Number(value)) ?? [];
      rows.push(range.first + i);
      byLabel.set(Number(value), rows);
    });
  }
  const generator = createGenerator(seed);
  const kept = [...byLabel.entries()]
    .sort(([a], [b]) => a - b)
    .flatMap(([, rows]) => {
      const order = generator.permutation(rows.length).subarray(0, Math.round(fraction * rows.length));
      return Array.from(order, (i) => rows[i]);
    });
  return generator.permutation(kept.length).map((i) => kept[i]);
}

async function takeRows(file: ColumnFile, rows: Int32Array): Promise<Map<string, Column>> {
  const places = new Int32Array(file.rows).fill(-1);
  rows.forEach((row, place) => (places[row] = place));
  const columns = new Map(
    [...file.types].map(([name, type]) => [name, newColumn(file.path, name, type, rows.length)]),
  );
  for await (const { range, table } of readPieces(file, [...columns.keys()])) {
    for (const [name, column] of table.columns) {
      placeValues(columns.get(name)!, column, places.subarray(range.first, range.end));
    }
  }
  return columns;
}

function newColumn(path: string, name: string, type: string, rows: number): FlatColumn | TextColumn {
  if (type === 'text') return { kind: 'text', values: new Array<string>(rows).fill('') };
  if (Object.hasOwn(NUMBER_ARRAYS, type))
    return { kind: 'flat', values: emptyNumbers(type as NumberType, rows) };
  throw new UserError(`${path}: column ${name} of type ${type}, expected one number or text a row`);
}

function placeValues(target: FlatColumn | TextColumn, source: Column, places: Int32Array): void {
  const from = (source as FlatColumn | TextColumn).values;
  const to = target.values as (string | number | bigint)[];
  places.forEach((place, i) => {
    if (place >= 0) to[place] = from[i];
  });
}
