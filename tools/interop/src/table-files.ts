/** Tables of pandas and pyarrow through our readers and writers, and one of ours in every format. */
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Column, FlatColumn } from '@hep/datasets/columns';
import { openColumns, writeColumns } from '@hep/datasets/columns';
import { pythonOf, tables } from './environment.ts';
import { projectRoot } from './folders.ts';
import type { Manifest, TableCopyCheck, WrittenTableCheck } from './manifest.ts';
import { runCommand } from './run-command.ts';

const ROWS = 1000;

/**
 * Has pandas and pyarrow write tables, copies each with our reader and writer, and writes a table of our own.
 * @throws Error when Python cannot write them or we cannot read one
 */
export async function tableChecks(folder: string): Promise<Pick<Manifest, 'tableCopies' | 'writtenTables'>> {
  const sources = join(folder, 'sources');
  const script = join(projectRoot, 'python', 'write_tables.py');
  const { code, stderr } = await runCommand(pythonOf(tables), [script, sources]);
  if (code !== 0) throw new Error(`write_tables.py: ${stderr.slice(-500)}`);
  mkdirSync(join(folder, 'copies'));
  const tableCopies: TableCopyCheck[] = [];
  for (const name of readdirSync(sources).sort()) tableCopies.push(await copied(folder, sources, name));
  return { tableCopies, writtenTables: [await written(folder)] };
}

async function copied(folder: string, sources: string, name: string): Promise<TableCopyCheck> {
  const source = join(sources, name);
  const copy = join(folder, 'copies', `${name}.parquet`);
  const file = await openColumns(source);
  try {
    await writeColumns(copy, [await file.read([...file.types.keys()])], file.types);
  } finally {
    await file.close();
  }
  return { name, source, copy };
}

async function written(folder: string): Promise<WrittenTableCheck> {
  const types = {
    ...{ int8: 'int8', uint8: 'uint8', int16: 'int16', uint16: 'uint16', int32: 'int32', uint32: 'uint32' },
    ...{ int64: 'int64', uint64: 'uint64', float32: 'float32', float64: 'float64', bool: 'bool' },
  };
  const columns = new Map<string, Column>(
    Object.keys(types).map((type): [string, FlatColumn] => [type, { kind: 'flat', values: numbersOf(type) }]),
  );
  const paths = {
    parquet: join(folder, 'ours.parquet'),
    csv: join(folder, 'ours.csv'),
    npz: join(folder, 'ours.npz'),
  };
  const typesByName = new Map(Object.entries(types));
  for (const path of Object.values(paths)) await writeColumns(path, [{ rows: ROWS, columns }], typesByName);
  return { name: 'every type', types, ...paths };
}

/** Numbers to the limits of their type. */
function numbersOf(type: string): FlatColumn['values'] {
  const each = (value: (row: number) => number) => Array.from({ length: ROWS }, (_, row) => value(row));
  switch (type) {
    case 'int8':
      return Int8Array.from(each((row) => row - 128));
    case 'uint8':
      return Uint8Array.from(each((row) => row));
    case 'bool':
      return Uint8Array.from(each((row) => (row % 3 === 0 ? 1 : 0)));
    case 'int16':
      return Int16Array.from(each((row) => row - 2 ** 15));
    case 'uint16':
      return Uint16Array.from(each((row) => 2 ** 16 - 1 - row));
    case 'int32':
      return Int32Array.from(each((row) => row - 2 ** 31));
    case 'uint32':
      return Uint32Array.from(each((row) => 2 ** 32 - 1 - row));
    case 'int64':
      return BigInt64Array.from(
        each((row) => row),
        (row) => BigInt(row) - 2n ** 63n,
      );
    case 'uint64':
      return BigUint64Array.from(
        each((row) => row),
        (row) => 2n ** 64n - 1n - BigInt(row),
      );
    case 'float32':
      return Float32Array.from(each((row) => (row % 7 === 0 ? NaN : Math.exp(row / 20))));
    default:
      return Float64Array.from(each((row) => (row % 7 === 0 ? NaN : Math.exp(row / 2 - 200))));
  }
}
