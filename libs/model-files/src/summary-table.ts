import { join } from 'node:path';
import { atomicWrite } from '@hep/files';

/** Algorithms of the summary, in column order: autoencoder, super trigger cell, thresholds, best choice. */
const SUMMARY_ALGORITHMS = ['ae', 'stc', 'thr_lo', 'thr_hi', 'bc'] as const;

/** One model of the comparison. */
export interface SummaryEntry {
  readonly name: string;
  readonly encoderParameters: number;
  readonly totalParameters: number;
  readonly encoderFlops: number;
  /** algorithm -> metric (for example `EMD`) -> mean and population standard deviation. */
  readonly performance: Readonly<Record<string, Readonly<Record<string, { mean: number; std: number }>>>>;
}

/** A table as it is written: column names, then one row per model. */
export interface SummaryTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
}

/**
 * Columns `name, en_pams, tot_pams, en_flops`, then `<metric>_<algorithm>` and `..._err` for every algorithm and
 * metric, rounded to 3 decimals; NaN where an algorithm was not run.
 */
export function summaryTable(entries: readonly SummaryEntry[], metrics: readonly string[]): SummaryTable {
  const pairs = SUMMARY_ALGORITHMS.flatMap((algorithm) => metrics.map((metric) => ({ algorithm, metric })));
  return {
    columns: [
      ...['name', 'en_pams', 'tot_pams', 'en_flops'],
      ...pairs.flatMap(({ algorithm, metric }) => [`${metric}_${algorithm}`, `${metric}_${algorithm}_err`]),
    ],
    rows: entries.map((entry) => [
      ...[entry.name, entry.encoderParameters, entry.totalParameters, entry.encoderFlops],
      ...pairs.flatMap(({ algorithm, metric }) => {
        const result = entry.performance[algorithm]?.[metric];
        return [thousandths(result?.mean), thousandths(result?.std)];
      }),
    ]),
  };
}

function thousandths(value = Number.NaN): number {
  return Math.round(value * 1000) / 1000;
}

/** Writes `summary.csv` and `summary.json` (a list of objects; `null` where a value is missing). */
export async function writeSummary(directory: string, table: SummaryTable): Promise<void> {
  const lines = [table.columns, ...table.rows].map((row) => row.map(csvField).join(','));
  const objects = table.rows.map((row) =>
    Object.fromEntries(table.columns.map((column, i) => [column, row[i]])),
  );
  await atomicWrite(join(directory, 'summary.csv'), `${lines.join('\n')}\n`);
  await atomicWrite(join(directory, 'summary.json'), `${JSON.stringify(objects, null, 2)}\n`);
}

function csvField(field: string | number): string {
  const text = String(field);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
