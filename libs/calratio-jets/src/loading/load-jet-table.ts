import { totalmem } from 'node:os';
import type { ColumnFile, ColumnTable, FlatColumn } from '@hep/datasets/columns';
import { openColumns, readPieces, requireColumns } from '@hep/datasets/columns';
import { UserError } from '@hep/options';
import type { LocalFileOptions } from '../inputs/local-files.ts';
import { localFiles } from '../inputs/local-files.ts';
import { currentNames } from './current-names.ts';
import type { Replacement } from './jet-columns-builder.ts';
import { JetColumnBuilder } from './jet-columns-builder.ts';
import type { JetSampleName } from './jet-samples.ts';
import { JET_SAMPLES, presentColumns } from './jet-samples.ts';

/** How {@link loadJetTable} reads. */
export interface LoadJetOptions extends LocalFileOptions {
  readonly sample: JetSampleName;
}

/** A table with one number in each row of every column. */
export interface JetTable extends ColumnTable {
  readonly columns: ReadonlyMap<string, FlatColumn>;
}

/** Jets of some files, and what was found on the way. */
export interface LoadedJets {
  /**
   * Flat columns in the order of a training file: `label` uint8, `eventNumber` and `runNumber` uint64, weight and
   * `llp_*` float64, everything else float32; all finite.
   */
  readonly table: JetTable;
  /** Files in order with the row of the table that their first row became. */
  readonly files: readonly { readonly path: string; readonly firstRow: number }[];
  /** Columns with values that were not finite and became 0, as the padding of older files does. */
  readonly replaced: readonly Replacement[];
  /** Rows by label. */
  readonly rowsByLabel: ReadonlyMap<number, number>;
}

interface OpenJets {
  readonly file: ColumnFile;
  /** Names in the file by today's names. */
  readonly names: ReadonlyMap<string, string>;
}

/**
 * Reads tables of jets, ready for the network, from files of any format; their columns are joined by name, in whatever
 * order and older spelling they stand. A column that is not required is read where every file has it.
 * @throws UserError with all missing columns at once, for an unknown label by file and row, for a class whose weights sum to zero
 */
export async function loadJetTable(inputs: readonly string[], options: LoadJetOptions): Promise<LoadedJets> {
  if (inputs.length === 0) throw new UserError('no input given, expected files of jets');
  const { labels, required } = JET_SAMPLES[options.sample];
  const opened: OpenJets[] = [];
  try {
    for (const path of await localFiles(inputs, options)) {
      const file = await openColumns(path);
      const names = currentNames(path, file.types.keys());
      opened.push({ file, names });
      requireColumns(path, names.keys(), required);
    }
    return await joined(opened, labels);
  } finally {
    await Promise.all(opened.map(({ file }) => file.close()));
  }
}

async function joined(
  opened: readonly OpenJets[],
  labels: Readonly<Record<number, string>>,
): Promise<LoadedJets> {
  const rows = opened.reduce((sum, { file }) => sum + file.rows, 0);
  const shared = [...opened[0].names.keys()].filter((name) => opened.every(({ names }) => names.has(name)));
  const names = presentColumns(new Set(shared));
  requireMemory(opened, rows, names.length);
  const builders = names.map((name) => new JetColumnBuilder(name, rows, labels));
  const files: { path: string; firstRow: number }[] = [];
  let firstRow = 0;
  for (const jets of opened) {
    files.push({ path: jets.file.path, firstRow });
    await fillFrom(jets, builders, firstRow);
    firstRow += jets.file.rows;
  }
  const columns = new Map(builders.map(({ name, values }) => [name, { kind: 'flat' as const, values }]));
  const table: JetTable = { rows, columns };
  return {
    table,
    files,
    replaced: builders.flatMap((builder) => builder.replacement() ?? []),
    rowsByLabel: checkedLabels(
      table,
      files.map(({ path }) => path),
      labels,
    ),
  };
}

/** @throws UserError when a table would be larger than the machine's memory, as a damaged file may claim */
function requireMemory(opened: readonly OpenJets[], rows: number, columns: number): void {
  const bytes = rows * columns * Float32Array.BYTES_PER_ELEMENT;
  if (bytes <= totalmem()) return;
  const paths = opened.map(({ file }) => file.path).join(', ');
  const gigabytes = (value: number) => `${(value / 1e9).toFixed(1)} GB`;
  throw new UserError(
    `${paths}: ${rows} jets take ${gigabytes(bytes)}, this machine has ${gigabytes(totalmem())}; take a part of them with resample or build`,
  );
}

async function fillFrom(
  { file, names }: OpenJets,
  builders: readonly JetColumnBuilder[],
  firstRow: number,
): Promise<void> {
  const byFileName = new Map(builders.map((builder) => [names.get(builder.name)!, builder]));
  for await (const { range, table } of readPieces(file, [...byFileName.keys()])) {
    const at = { path: file.path, fileRow: range.first, tableRow: firstRow + range.first };
    for (const [name, column] of table.columns) byFileName.get(name)!.fill(column, at);
  }
}

/**
 * Rows by label.
 * @throws UserError when the weights of a label sum to zero, so that they cannot be scaled
 */
function checkedLabels(
  { columns }: JetTable,
  paths: readonly string[],
  labels: Readonly<Record<number, string>>,
): Map<number, number> {
  const label = columns.get('label')!.values as Uint8Array;
  const weight = columns.get('mcEventWeight')!.values as Float64Array;
  const rows = new Map<number, number>();
  const sums = new Map<number, number>();
  label.forEach((number, row) => {
    rows.set(number, (rows.get(number) ?? 0) + 1);
    sums.set(number, (sums.get(number) ?? 0) + weight[row]);
  });
  for (const [number, sum] of sums) {
    if (sum > 0) continue;
    throw new UserError(
      `${paths.join(', ')}: mcEventWeight of the ${rows.get(number)} rows with label ${number} (${labels[number]}) sums to ${sum}, expected a sum above 0; weights of a class set its share in the training`,
    );
  }
  return rows;
}
