/** Branches of a TTree to typed arrays. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { Column } from '@hep/datasets/columns';
import { openRootFile } from '@hep/datasets/root';
import type { Benchmark } from './benchmark.ts';
import { pythonLaunch } from './peer-python.ts';
import type { PythonPeer } from './peer-python.ts';

const TREE = 'tree.root';

type Shape = 'flat' | 'jagged';

const columnsOf: Readonly<Record<Shape, readonly string[]>> = {
  flat: [...numbered('single', 8), ...numbered('double', 4)],
  jagged: numbered('list', 8),
};

/** Every shape with every compression of files that experiments write. */
export const rootCases: readonly Benchmark[] = [
  rootCase('flat', 'zlib', 5_000_000),
  rootCase('flat', 'lz4', 5_000_000),
  rootCase('jagged', 'zlib', 750_000),
  rootCase('jagged', 'lz4', 750_000),
];

function numbered(name: string, count: number): string[] {
  return Array.from({ length: count }, (_, i) => `${name}_${i}`);
}

function rootCase(shape: Shape, compression: string, rows: number): Benchmark {
  const columns = columnsOf[shape];
  return {
    name: `root-${shape}-${compression}`,
    rows,
    smokeRows: 2_000,
    processes: 'fresh',
    threads: 2,
    peer: { script: 'uproot_read.py', module: 'uproot', environment: 'venvtables' },
    settings: () => ({ shape, columns }),
    prepare: async (folder, count) => writeTree(join(folder, TREE), count, shape, compression),
    start: async ({ folder }) => ({
      engine: 'openRootFile',
      run: () => lastRow(join(folder, TREE), columns),
      close: async () => undefined,
    }),
  };
}

/** uproot writes the file, so that a case without its peer needs Python, too. */
function writeTree(path: string, rows: number, shape: Shape, compression: string): void {
  const writer: PythonPeer = { script: 'make_tree.py', module: 'uproot', environment: 'venvtables' };
  const { command, arguments: script } = pythonLaunch(writer, 1);
  const rest = [path, String(rows), shape, compression];
  const { status, stderr } = spawnSync(command, [...script, ...rest], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`make_tree.py: ${stderr}`);
}

async function lastRow(path: string, names: readonly string[]): Promise<number> {
  const file = await openRootFile(path);
  const { columns, rows } = await file.read(names);
  await file.close();
  return names.reduce((sum, name) => sum + sumOfRow(columns.get(name)!, rows - 1), 0);
}

function sumOfRow(column: Column, row: number): number {
  if (column.kind === 'flat') return Number(column.values[row]);
  if (column.kind !== 'jagged')
    throw new Error(`a ${column.kind} column in a benchmark of flat and jagged ones`);
  let sum = 0;
  for (let i = column.offsets[row]; i < column.offsets[row + 1]; i++) sum += sumOfRow(column.content, i);
  return sum;
}
