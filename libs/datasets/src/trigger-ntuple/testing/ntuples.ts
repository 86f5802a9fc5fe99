/** Small ntuples of vectors, in Parquet, and what becomes of them. */
import { join } from 'node:path';
import { cellPosition, triggerCells } from '@hep/hgcal-geometry';
import { temporaryFolder } from '@hep/test-support';
import type { Column, ColumnTable, FlatColumn, Numbers } from '../../columns.ts';
import { writeColumns } from '../../columns.ts';
import { streamModules } from '../../index.ts';
import type { ModuleSettings, NtupleCounts } from '../../index.ts';
import { CELL_BRANCHES } from '../open-ntuple.ts';

/** Where they are written. */
export const folder = await temporaryFolder();
const at = (name: string) => join(folder, name);

/** A trigger cell by the branches of the ntuple. */
export type Cell = Readonly<Record<string, number>>;

/** An event: its trigger cells, and its particles as [pt, eta]. */
export interface Event {
  readonly cells: readonly Cell[];
  readonly particles?: readonly (readonly [number, number])[];
}

const float32 = ['tc_eta', 'tc_phi', 'tc_simenergy'];
const names = [...CELL_BRANCHES, 'tc_simenergy'];

/** A column with a list of numbers in each row. */
export function vectors(lists: readonly (readonly number[])[], array: (values: number[]) => Numbers): Column {
  const offsets = new Uint32Array(lists.length + 1);
  lists.forEach((list, index) => (offsets[index + 1] = offsets[index] + list.length));
  return { kind: 'jagged', offsets, content: { kind: 'flat', values: array(lists.flat()) } };
}

export const floats = (values: number[]) => Float32Array.from(values);

/** Writes events as the ntuple has them; `change` may spoil the columns. */
export async function ntuple(
  name: string,
  events: readonly Event[],
  change: (columns: Map<string, Column>) => void = () => undefined,
): Promise<string> {
  const columns = new Map(
    names.map((branch) => [
      branch,
      vectors(
        events.map(({ cells }) => cells.map((cell) => cell[branch] ?? 0)),
        float32.includes(branch) ? floats : (values) => Int32Array.from(values),
      ),
    ]),
  );
  ['gen_pt', 'gen_eta'].forEach((branch, i) => {
    const lists = events.map(({ particles = [[20, 2]] }) => particles.map((particle) => particle[i]));
    columns.set(branch, vectors(lists, floats));
  });
  change(columns);
  await writeColumns(at(name), [{ rows: events.length, columns }]);
  return at(name);
}

/** A trigger cell of a module in layer 9. */
export function cell(index: number, more: Cell = {}): Cell {
  const { u, v } = cellPosition(triggerCells[index]);
  return {
    ...{ tc_subdet: 1, tc_zside: 1, tc_layer: 9, tc_waferu: -3, tc_waferv: 2, tc_cellu: u, tc_cellv: v },
    ...{ tc_data: 1000, tc_eta: 2, tc_phi: 1, tc_simenergy: 0.5, ...more },
  };
}

/** Every layer, no cuts. */
export const everything: ModuleSettings = { isWantedLayer: () => true, isRaw: false };
export const cuts = { leastPtGeV: 5, mostPtGeV: 200, leastEta: 1.6, mostEta: 2.4 };

/** Names, rows and counts of all tables. */
export async function converted(paths: readonly string[], settings: ModuleSettings = everything) {
  const counts: NtupleCounts[] = [];
  const tables: ColumnTable[] = [];
  for await (const table of streamModules(paths, settings, (of) => counts.push(of))) tables.push(table);
  const header = [...tables[0].columns.keys()];
  const rows = tables.flatMap(({ rows, columns }) =>
    Array.from({ length: rows }, (_, row) =>
      Object.fromEntries(header.map((name) => [name, Number((columns.get(name) as FlatColumn).values[row])])),
    ),
  );
  return { header, rows, counts };
}

/** The message of a refused conversion, without the folder. */
export async function refusal(
  paths: readonly string[],
  settings: ModuleSettings = everything,
): Promise<string> {
  const error: unknown = await converted(paths, settings).catch((reason: unknown) => reason);
  expect(error).toHaveProperty('name', 'UserError');
  return (error as Error).message.replaceAll(`${folder}/`, '');
}
