import type { ColumnTable, FlatColumn, Numbers } from '@hep/datasets/columns';
import type { ToyJetsRequest } from './toy-jets.ts';
import { generateToyJets } from './toy-jets.ts';

const ROWS_PER_BATCH = 2000;

/** Text of a training file of toy jets, header first; the same request gives the same text. */
export async function* toyJetsCsv({
  rows,
  firstRow = 0,
  ...request
}: ToyJetsRequest): AsyncGenerator<string> {
  for (let done = 0; done < Math.max(1, rows); done += ROWS_PER_BATCH) {
    const batch = { rows: Math.min(ROWS_PER_BATCH, rows - done), firstRow: firstRow + done };
    const table = generateToyJets({ ...request, ...batch });
    if (done === 0) yield `${[...table.columns.keys()].join(',')}\n`;
    yield lines(table);
    await new Promise(setImmediate);
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

/** Enough digits to read the same number again: 9 for float32. */
function digits(values: Numbers, row: number): string {
  const value = values[row];
  if (!(values instanceof Float32Array) || value === 0) return String(value);
  return String(Number((value as number).toPrecision(9)));
}
