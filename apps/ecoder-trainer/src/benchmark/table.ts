/** The comparison as a table: benchmark.csv and benchmark.json. */
import { join } from 'node:path';
import { atomicWrite } from '@hep/files';
import type { Candidate } from './candidate.ts';
import { spreadMetrics } from './scores.ts';
import type { Scores } from './scores.ts';

/** A candidate with its scores, without its charges. */
export interface BenchmarkRow extends Omit<Candidate, 'charges'> {
  readonly scores: Scores;
}

/** What all rows have in common. */
export interface BenchmarkData {
  readonly isSynthetic: boolean;
  readonly seed: number;
  /** Modules that were measured, and those that networks were trained on. */
  readonly modules: number;
  readonly trainingModules: number;
}

type Cell = string | number | null;

/** The study's name of a metric. */
function columnOf(metric: (typeof spreadMetrics)[number]): string {
  return metric === 'crossCorrelation' ? 'cross_corr' : metric;
}

/** Columns in order; a number that does not exist is null. */
const columns: readonly (readonly [string, (row: BenchmarkRow) => Cell])[] = [
  ['algorithm', ({ name }) => name],
  ['kind', ({ kind }) => kind],
  ['elinks', ({ eLinks }) => eLinks],
  ['bits_per_module', ({ bitsPerModule }) => bitsPerModule],
  ['EMD_mean', ({ scores }) => scores.emd.mean],
  ['EMD_std', ({ scores }) => scores.emd.std],
  ['EMD_median', ({ scores }) => scores.emd.median],
  ['EMD_q16', ({ scores }) => scores.emd.q16],
  ['EMD_q84', ({ scores }) => scores.emd.q84],
  ['EMD_p95', ({ scores }) => scores.emd.p95],
  ...spreadMetrics.flatMap(
    (metric) =>
      [
        [`${columnOf(metric)}_mean`, ({ scores }: BenchmarkRow) => scores.metrics[metric].mean],
        [`${columnOf(metric)}_std`, ({ scores }: BenchmarkRow) => scores.metrics[metric].std],
      ] as const,
  ),
  ['zero_frac', ({ scores }) => scores.zeroFraction],
  ['energy_ratio', ({ scores }) => scores.energyRatio],
  ['empty_inputs', ({ scores }) => scores.emptyInputs],
  ['empty_outputs', ({ scores }) => scores.emptyOutputs],
  ['cut_modules', ({ cutModules }) => cutModules],
  ['encoder_params', ({ network }) => network?.encoderParameters ?? null],
  ['encoder_flops', ({ network }) => network?.encoderFlops ?? null],
  ['weight_bits', ({ network }) => network?.weightBits ?? null],
  ['epochs', ({ network }) => network?.epochs ?? null],
  ['seconds', ({ network }) => network?.seconds ?? null],
];

/** Column names and rows; every row tells whether its data is synthetic. */
function benchmarkTable(
  rows: readonly BenchmarkRow[],
  { isSynthetic }: Pick<BenchmarkData, 'isSynthetic'>,
): { readonly columns: readonly string[]; readonly rows: readonly (readonly Cell[])[] } {
  return {
    columns: [...columns.map(([name]) => name), 'data'],
    rows: rows.map((row) => [
      ...columns.map(([, value]) => {
        const cell = value(row);
        return typeof cell === 'number' && !Number.isFinite(cell) ? null : cell;
      }),
      isSynthetic ? 'synthetic' : 'files',
    ]),
  };
}

/** Writes the table into a folder; numbers in full precision, missing ones empty or null. */
export async function writeTable(
  folder: string,
  rows: readonly BenchmarkRow[],
  data: BenchmarkData,
): Promise<void> {
  const table = benchmarkTable(rows, data);
  const lines = [table.columns, ...table.rows].map((cells) => cells.map(csvField).join(','));
  const objects = table.rows.map((cells) =>
    Object.fromEntries(table.columns.map((column, i) => [column, cells[i]])),
  );
  await atomicWrite(join(folder, 'benchmark.csv'), `${lines.join('\n')}\n`);
  await atomicWrite(
    join(folder, 'benchmark.json'),
    `${JSON.stringify({ ...data, rows: objects }, null, 2)}\n`,
  );
}

function csvField(cell: Cell): string {
  const text = cell === null ? '' : String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
