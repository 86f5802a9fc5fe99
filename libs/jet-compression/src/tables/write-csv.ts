/** Jets as a CSV file. */
import { atomicWrite } from '@hep/files';
import type { Jets } from '../variables/normalisation.ts';

/** Writes one row for each jet under a header, numbers in the fewest digits that float32 needs. */
export async function writeJetsCsv(path: string, jets: Jets): Promise<void> {
  await atomicWrite(path, `${csvHeader(jets)}${csvRows(jets)}`);
}

/** The header line. */
export function csvHeader({ columns }: Jets): string {
  return `${[...columns.keys()].join(',')}\n`;
}

/** One line for each jet. */
export function csvRows({ rows, columns }: Jets): string {
  const values = [...columns.values()];
  const lines = new Array<string>(rows);
  for (let row = 0; row < rows; row++) lines[row] = values.map((column) => shortest(column[row])).join(',');
  return rows === 0 ? '' : `${lines.join('\n')}\n`;
}

/** Nine digits tell float32 numbers apart. */
const shortest = (value: number) => String(Number(value.toPrecision(9)));
