/** Tables of other programs to typed arrays, and ours to a file. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { Column, ColumnTable } from '@hep/datasets/columns';
import { openColumns, writeColumns } from '@hep/datasets/columns';
import type { Benchmark } from './benchmark.ts';
import { pythonLaunch } from './peer-python.ts';
import type { PythonPeer } from './peer-python.ts';

const ENVIRONMENT = 'venvtables';
const peer = (script: string): PythonPeer => ({ script, module: 'pyarrow', environment: ENVIRONMENT });

/** A table of jets as the reference saves it: 700 columns of float64, 110 of float32, 3 of integers. */
export const pickleCases: readonly Benchmark[] = [
  readCase('pickle-jets', 'jets.pkl', 20_000, 'pandas_pickle.py'),
];

/** 15 columns of float64 and 15 of float32, normal random numbers. */
export const parquetCases: readonly Benchmark[] = [
  readCase('parquet-zstd', 'zstd.parquet', 1_000_000, 'pyarrow_read.py'),
  readCase('parquet-snappy', 'snappy.parquet', 1_000_000, 'pyarrow_read.py'),
  writeCase('parquet-write', 'zstd.parquet', 1_000_000),
];

function readCase(name: string, file: string, rows: number, script: string): Benchmark {
  return {
    ...common(name, file, rows, script),
    start: async ({ folder }) => ({
      engine: 'openColumns',
      run: async () => sumOfLastRow(await readAll(join(folder, file))),
      close: async () => undefined,
    }),
  };
}

/** Both sides read the table beforehand, and write it with zstd. */
function writeCase(name: string, file: string, rows: number): Benchmark {
  return {
    ...common(name, file, rows, 'pyarrow_write.py'),
    start: async ({ folder }) => {
      const table = await readAll(join(folder, file));
      return {
        engine: 'writeColumns',
        run: async () => {
          await writeColumns(join(folder, 'ours.parquet'), [table]);
          return table.rows;
        },
        close: async () => undefined,
      };
    },
  };
}

function common(name: string, file: string, rows: number, script: string): Omit<Benchmark, 'start'> {
  return {
    name,
    rows,
    smokeRows: 500,
    processes: 'fresh',
    threads: 1,
    peer: peer(script),
    settings: () => ({ file }),
    prepare: async (folder, count) => makeTable(join(folder, file), count),
  };
}

/** pandas or pyarrow writes the file, so that a case without its peer needs Python, too. */
function makeTable(path: string, rows: number): void {
  const { command, arguments: script } = pythonLaunch(peer('make_table.py'), 1);
  const { status, stderr } = spawnSync(command, [...script, path, String(rows)], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`make_table.py: ${stderr}`);
}

async function readAll(path: string): Promise<ColumnTable> {
  const file = await openColumns(path);
  try {
    return await file.read([...file.types.keys()]);
  } finally {
    await file.close();
  }
}

function sumOfLastRow({ rows, columns }: ColumnTable): number {
  const last = (column: Column) => (column.kind === 'flat' ? Number(column.values[rows - 1]) : 0);
  return [...columns.values()].reduce((sum, column) => sum + last(column), 0);
}
