import { createGenerator } from '@hep/datasets';
import type { Generator } from '@hep/datasets';
import type { ColumnFile, ColumnTable, FlatColumn, Numbers } from '@hep/datasets/columns';
import { UserError } from '@hep/options';
import type { LocalFileOptions } from '../inputs/local-files.ts';
import { TRAINING_COLUMNS } from '../jet-columns.ts';
import { describeReplacements } from '../loading/describe-replacements.ts';
import type { Replacement } from '../loading/jet-columns-builder.ts';
import type { BuildFile, BuildInput } from './build-inputs.ts';
import { batches, openBuildInput } from './build-inputs.ts';
import type { Scaling } from './preprocess.ts';
import { likelyScale, preprocessJets } from './preprocess.ts';
import { asTrainingType, chosenValues } from './training-columns.ts';

/** What a training file is built from. */
export interface BuildRequest extends LocalFileOptions {
  readonly inputs: readonly BuildInput[];
  readonly scaling: Scaling;
  /** Columns to leave out. */
  readonly removed: readonly string[];
  /** Seed of the choice of rows. */
  readonly seed: number;
}

/**
 * Jets of all inputs, chosen and preprocessed, as tables of some ten thousand rows in the order of the files; columns as
 * in `trainingTypes`. Nothing but one table is in memory.
 * @throws UserError for files that are no tables of jets: all missing columns at once, an unknown label by row
 */
export async function* buildJets(request: BuildRequest): AsyncGenerator<ColumnTable> {
  const opened: ColumnFile[] = [];
  try {
    const inputs: { files: BuildFile[]; rows?: number }[] = [];
    for (const input of request.inputs) {
      inputs.push({ files: await openBuildInput(input, opened, request), rows: input.rows });
    }
    if (inputs.length === 0) throw new UserError('no input given, expected tables of jets');
    let stream = 0;
    for (const { files, rows } of inputs) {
      const fraction = shareOf(files, rows, request);
      for (const file of files) {
        yield* jetsOfFile(file, fraction, createGenerator(request.seed, stream++), request);
      }
    }
  } finally {
    await Promise.all(opened.map((file) => file.close()));
  }
}

/** Share of the rows of an input that is taken. */
function shareOf(files: readonly BuildFile[], rows: number | undefined, { tell }: BuildRequest): number {
  const available = files.reduce((sum, file) => sum + file.available, 0);
  if (rows === undefined || rows === available) return 1;
  if (rows < available) return rows / available;
  tell?.(`warning: ${files[0].file.path}: ${rows} rows wanted, only ${available} available`);
  return 1;
}

async function* jetsOfFile(
  source: BuildFile,
  fraction: number,
  generator: Generator,
  { scaling, removed, tell }: BuildRequest,
): AsyncGenerator<ColumnTable> {
  const { file, names, available, filter } = source;
  const sample = new Sample(available, Math.round(fraction * available), generator);
  const notFinite = new Map<string, Replacement>();
  let taken = 0;
  let areScaled = true;
  for await (const { range, table } of batches(file, names, [...names.keys()])) {
    const passing = filter?.rows(table) ?? Int32Array.from({ length: table.rows }, (_, row) => row);
    const rows = sample.choose(passing);
    taken += rows.length;
    if (rows.length === 0) continue;
    const values = valuesOf(table, { path: file.path, first: range.first, rows });
    areScaled &&= likelyScale(values.get('jet_pt') as Float64Array) === 'scaled';
    noteNotFinite(values, { path: file.path, first: range.first, rows }, notFinite);
    preprocessJets(values as ReadonlyMap<string, Float64Array>, scaling);
    yield tableOf(values, rows.length, removed);
  }
  tell?.(`${file.path}: ${taken} of ${file.rows} jets`);
  const line = describeReplacements([...notFinite.values()], 'will be 0 for the network');
  if (line !== undefined) tell?.(`warning: ${line}`);
  if (taken > 0 && areScaled) {
    tell?.(`warning: ${file.path}: no jet has 2 GeV or more; a training file, scaled by build already?`);
  }
}

function valuesOf(table: ColumnTable, chosen: Parameters<typeof chosenValues>[2]): Map<string, Numbers> {
  return new Map(
    TRAINING_COLUMNS.map((name) => [name, chosenValues(name, table.columns.get(name)!, chosen)]),
  );
}

function tableOf(
  values: ReadonlyMap<string, Numbers>,
  rows: number,
  removed: readonly string[],
): ColumnTable {
  const columns = [...values]
    .filter(([name]) => !removed.includes(name))
    .map(([name, numbers]): [string, FlatColumn] => [
      name,
      { kind: 'flat', values: asTrainingType(name, numbers) },
    ]);
  return { rows, columns: new Map(columns) };
}

function noteNotFinite(
  values: ReadonlyMap<string, Numbers>,
  { path, first, rows }: Parameters<typeof chosenValues>[2],
  found: Map<string, Replacement>,
): void {
  for (const [column, numbers] of values) {
    if (!(numbers instanceof Float64Array)) continue;
    for (let i = 0; i < numbers.length; i++) {
      if (Number.isFinite(numbers[i])) continue;
      const before = found.get(column) ?? { column, count: 0, first: { path, row: first + rows[i] } };
      found.set(column, { ...before, count: before.count + 1 });
    }
  }
}

/** Chooses `wanted` of `available` rows at random as they come (Knuth, The Art of Computer Programming 2, algorithm S). */
class Sample {
  constructor(
    private available: number,
    private wanted: number,
    private readonly generator: Generator,
  ) {}

  /** The chosen ones of the next rows. */
  choose(rows: Int32Array): Int32Array {
    if (this.available === this.wanted) return rows;
    return rows.filter(() => {
      const isChosen = this.generator.uniform() * this.available < this.wanted;
      this.available--;
      if (isChosen) this.wanted--;
      return isChosen;
    });
  }
}
