/** Tables of 60 columns to float32. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { createGenerator, generateToy, readTable } from '@hep/datasets';
import type { Generator } from '@hep/datasets';
import { TRIGGER_CELLS } from '@hep/hgcal-geometry';
import type { Benchmark } from './benchmark.ts';

const COLUMNS = 60;
const DISTINCT_ROWS = 20_000;

/** 48 charge counts and 12 decimal numbers, as modules are stored. */
export const csvChargesCase = csvCase('csv-charges', (rows, generator) => {
  const { charges } = generateToy({ rows, seed: 1 });
  return (row) => [
    ...charges.subarray(row * TRIGGER_CELLS, (row + 1) * TRIGGER_CELLS),
    ...decimals(generator, COLUMNS - TRIGGER_CELLS),
  ];
});

/** 60 decimal numbers of eight digits. */
export const csvDecimalsCase = csvCase('csv-decimals', (_, generator) => () => decimals(generator, COLUMNS));

function decimals(generator: Generator, count: number): string[] {
  return Array.from({ length: count }, () => (200 * generator.uniform() - 100).toFixed(6));
}

type FieldsOfRow = (row: number) => readonly (number | string)[];

function csvCase(name: string, fields: (rows: number, generator: Generator) => FieldsOfRow): Benchmark {
  return {
    name,
    rows: 1_000_000,
    smokeRows: 5_000,
    processes: 'fresh',
    peer: { script: 'pandas_csv.py', module: 'pandas' },
    settings: () => ({}),
    prepare: async (folder, rows) => {
      const distinct = Math.min(rows, DISTINCT_ROWS);
      writeRepeated(join(folder, 'table.csv'), rows, distinct, fields(distinct, createGenerator(1)));
    },
    start: async ({ folder }) => ({
      engine: 'readTable',
      run: async () => {
        const matrix = Array.from({ length: COLUMNS }, (_, column) => column);
        const table = await readTable([join(folder, 'table.csv')], { matrix });
        return table.matrix.subarray(-COLUMNS).reduce((sum, value) => sum + value, 0);
      },
      close: async () => undefined,
    }),
  };
}

/** A file with a header and the first `distinct` rows again and again. */
function writeRepeated(path: string, rows: number, distinct: number, fields: FieldsOfRow): void {
  const lines = Array.from({ length: distinct }, (_, row) => `${fields(row).join(',')}\n`);
  const block = lines.join('');
  const file = openSync(path, 'w');
  writeSync(file, `${Array.from({ length: COLUMNS }, (_, column) => `column_${column}`).join(',')}\n`);
  for (let left = rows; left > 0; left -= distinct) {
    writeSync(file, left >= distinct ? block : lines.slice(0, left).join(''));
  }
  closeSync(file);
}
