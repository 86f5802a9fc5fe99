import type { ColumnTable, FlatColumn, Numbers } from '@hep/datasets/columns';

/** CSV text of tables with the same flat columns, header first; numbers with enough digits to read the same ones again. */
export async function* tableText(
  tables: AsyncIterable<ColumnTable> | Iterable<ColumnTable>,
): AsyncGenerator<string> {
  let isFirst = true;
  for await (const table of tables) {
    if (isFirst) yield `${[...table.columns.keys()].join(',')}\n`;
    isFirst = false;
    yield lines(table);
  }
}

function lines({ rows, columns }: ColumnTable): string {
  const numbers = [...columns.values()].map((column) => (column as FlatColumn).values);
  let text = '';
  for (let row = 0; row < rows; row++) {
    text += digits(numbers[0], row);
    for (let column = 1; column < numbers.length; column++) text += `,${digits(numbers[column], row)}`;
    text += '\n';
  }
  return text;
}

/** Nine digits tell a float32, JavaScript's own text the others. */
function digits(values: Numbers, row: number): string {
  const value = values[row];
  if (!(values instanceof Float32Array) || value === 0) return String(value);
  return String(Number((value as number).toPrecision(9)));
}
