/** Ntuples to one row for each jet: baskets read, decompressed, jets selected and their objects gathered. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { convertNtuple, NTUPLE_TREE } from '@hep/calratio-jets';
import type { DataType } from '@hep/calratio-jets';
import type { ColumnTable, Numbers } from '@hep/datasets/columns';
import { openRootFile } from '@hep/datasets/root';
import type { Benchmark } from './benchmark.ts';
import { pythonLaunch } from './peer-python.ts';

const NTUPLE = 'ntuple.root';
const NTUPLE_WRITER = { script: 'make_ntuple.py', module: 'uproot', environment: 'venvtables' } as const;
/** What both sides have in memory at a time. */
const EVENTS_PER_BATCH = 4000;

/** All good jets of multijets, about five an event; jets matched to particles, one in ten events: reading dominates. */
export const convertCases: readonly Benchmark[] = [
  convertCase('convert-multijets', 'qcd'),
  convertCase('convert-signal', 'sig'),
];

function convertCase(name: string, dataType: DataType): Benchmark {
  return {
    name,
    rows: 20_000,
    smokeRows: 300,
    processes: 'fresh',
    threads: 1,
    peer: { script: 'awkward_convert.py', module: 'uproot', environment: 'venvtables' },
    settings: () => ({ dataType, eventsPerBatch: EVENTS_PER_BATCH }),
    prepare: async (folder, rows) => writeNtuple(join(folder, NTUPLE), rows),
    start: async ({ folder }) => ({
      engine: 'openRootFile, convertNtuple',
      run: () => sumOfTable(join(folder, NTUPLE), dataType),
      close: async () => undefined,
    }),
  };
}

/** uproot writes the file, so that a case without its peer needs Python, too. */
function writeNtuple(path: string, events: number): void {
  const { command, arguments: script } = pythonLaunch(NTUPLE_WRITER, 1);
  const { status, stderr } = spawnSync(command, [...script, path, String(events)], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`make_ntuple.py: ${stderr}`);
}

async function sumOfTable(path: string, dataType: DataType): Promise<number> {
  const file = await openRootFile(path, { tree: NTUPLE_TREE });
  const settings = { dataType, minJetPtGeV: 40, maxJetPtGeV: 500, mHGeV: 0, mSGeV: 0 };
  let sum = 0;
  for await (const table of convertNtuple(file, settings)) sum += sumOfColumns(table);
  await file.close();
  return sum;
}

/** Everything but the label, which the peer does not write. */
function sumOfColumns({ columns }: ColumnTable): number {
  let sum = 0;
  for (const [name, column] of columns) {
    if (name !== 'label' && column.kind === 'flat') sum += sumOf(column.values);
  }
  return sum;
}

/** A loop for each of the usual types: one for all would take longer than the conversion. */
function sumOf(values: Numbers): number {
  if (values instanceof Float64Array) return sumOfFloat64(values);
  if (values instanceof Float32Array) return sumOfFloat32(values);
  return Array.from(values, Number).reduce((sum, value) => sum + value, 0);
}

function sumOfFloat64(values: Float64Array): number {
  let sum = 0;
  for (let row = 0; row < values.length; row++) sum += values[row];
  return sum;
}

function sumOfFloat32(values: Float32Array): number {
  let sum = 0;
  for (let row = 0; row < values.length; row++) sum += values[row];
  return sum;
}
