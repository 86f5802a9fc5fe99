import type { RowRange } from '@hep/datasets/columns';
import { openColumns, readBatches, requireColumns } from '@hep/datasets/columns';
import { currentNames } from './current-names.ts';
import { JetColumnBuilder } from './jet-columns-builder.ts';
import type { Replacement } from './jet-columns-builder.ts';
import type { JetTable } from './load-jet-table.ts';

/** Which jets, and how many together. */
export interface JetBatchOptions {
  /** Columns by today's names. */
  readonly columns: readonly string[];
  /** What labels may be, by label. */
  readonly labels: Readonly<Record<number, string>>;
  /** Most jets in a batch; default 8192. */
  readonly rowsAtOnce?: number;
}

/** Some jets of a file, finite as in `loadJetTable`. */
export interface JetBatch {
  /** Rows of the file. */
  readonly range: RowRange;
  readonly table: JetTable;
  readonly replaced: readonly Replacement[];
}

const USUAL_ROWS = 8192;

/**
 * Jets of a local file of any format, batch after batch, so that memory does not grow with the file.
 * @throws UserError with all missing columns at once, for an unknown label by row, and when the file is damaged
 */
export async function* jetBatches(
  path: string,
  { columns, labels, rowsAtOnce = USUAL_ROWS }: JetBatchOptions,
): AsyncGenerator<JetBatch> {
  const file = await openColumns(path);
  try {
    const names = currentNames(path, file.types.keys());
    requireColumns(path, names.keys(), columns);
    const stored = columns.map((name) => names.get(name)!);
    for await (const { range, table } of readBatches(file, stored, rowsAtOnce)) {
      const { rows } = table;
      const builders = columns.map((name) => new JetColumnBuilder(name, rows, labels));
      builders.forEach((builder, i) =>
        builder.fill(table.columns.get(stored[i]), { path, fileRow: range.first, tableRow: 0 }),
      );
      const filled = builders.map(({ name, values }) => [name, { kind: 'flat' as const, values }] as const);
      yield {
        range,
        table: { rows, columns: new Map(filled) },
        replaced: builders.flatMap((builder) => builder.replacement() ?? []),
      };
    }
  } finally {
    await file.close();
  }
}
