/** Rows of numbers as lines of a CSV file. */

/** Columns of a table: one array with `width` numbers for each row. */
export interface ColumnBlock {
  readonly names: readonly string[];
  readonly values: ArrayLike<number>;
}

/** First line of a CSV file. */
export function csvHeader(blocks: readonly Pick<ColumnBlock, 'names'>[]): string {
  return `${blocks.flatMap(({ names }) => names).join(',')}\n`;
}

/** Lines of `rows` rows, blocks side by side; NaN is left empty. */
export function csvLines(rows: number, blocks: readonly ColumnBlock[]): string {
  const lines: string[] = [];
  for (let row = 0; row < rows; row++) {
    const fields: string[] = [];
    for (const { names, values } of blocks) {
      for (let k = 0; k < names.length; k++) {
        const value = values[row * names.length + k];
        fields.push(Number.isNaN(value) ? '' : String(value));
      }
    }
    lines.push(fields.join(','));
  }
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}
