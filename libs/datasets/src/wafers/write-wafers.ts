/** Wafers to CSV, layout D with the type of the wafer: charges, then entry to wafertype, with a header. */
import { atomicWrite } from '@hep/files';
import type { SideColumn, WaferData } from './wafer-data.ts';
import { CELLS } from './wafer-data.ts';

const ROWS_PER_WRITE = 5000;

/** Side columns in order, with their names in the file. */
const layoutD: readonly (readonly [SideColumn, string])[] = [
  ['entry', 'entry'],
  ['zside', 'zside'],
  ['layer', 'layer'],
  ['waferu', 'waferu'],
  ['waferv', 'waferv'],
  ['SimEnergyTotal', 'simenergy'],
  ['subdet', 'subdet'],
  ['tc_eta', 'tc_eta'],
  ['tc_phi', 'tc_phi'],
  ['wafertype', 'wafertype'],
];

/**
 * Writes batches of modules as one CSV file; columns that the first batch lacks are left out. The file appears under
 * its name only when it is complete. Folders are made.
 * @throws UserError when the place cannot be written, and what making the batches throws
 */
export async function writeWafers(path: string, batches: Iterable<WaferData>): Promise<void> {
  await atomicWrite(path, csvText(batches));
}

async function* csvText(batches: Iterable<WaferData>): AsyncGenerator<string> {
  let columns: typeof layoutD | undefined;
  for (const batch of batches) {
    if (columns === undefined) {
      columns = layoutD.filter(([name]) => batch.side.has(name));
      const charges = Array.from({ length: CELLS }, (_, cell) => `CALQ_${cell}`);
      yield `${[...charges, ...columns.map(([, name]) => name)].join(',')}\n`;
    }
    const names = columns.map(([name]) => name);
    for (let start = 0; start < batch.rows; start += ROWS_PER_WRITE) {
      yield textOf(batch, names, start, Math.min(batch.rows, start + ROWS_PER_WRITE));
    }
  }
}

function textOf(
  { charges, side }: WaferData,
  names: readonly SideColumn[],
  start: number,
  end: number,
): string {
  const columns = names.map((name) => side.get(name)!);
  let text = '';
  for (let row = start; row < end; row++) {
    text += charges.subarray(row * CELLS, (row + 1) * CELLS).join(',');
    for (const column of columns) text += `,${column[row]}`;
    text += '\n';
  }
  return text;
}
