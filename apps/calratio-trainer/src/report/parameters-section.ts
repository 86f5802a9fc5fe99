/** Options of runs side by side. */
import type { ReportSection, ReportTable } from '@hep/figures';
import type { RunResults } from './run-results.ts';

/** Options by whether all runs agree; one that a run does not have is a dash. */
export function splitParameters(runs: readonly RunResults[]): {
  readonly varying: (readonly [string, readonly string[]])[];
  readonly common: (readonly [string, string])[];
} {
  const maps = runs.map(({ options }) => new Map(options));
  const names = [...new Set(maps.flatMap((options) => [...options.keys()]))];
  const rows = names.map((name) => [name, maps.map((options) => options.get(name) ?? '–')] as const);
  const agrees = ([, values]: (typeof rows)[number]) => values.every((value) => value === values[0]);
  return {
    varying: rows.filter((row) => !agrees(row)),
    common: rows.filter(agrees).map(([name, [value]]) => [name, value] as const),
  };
}

/** Options that vary between the runs and, where asked for, those that do not. */
export function parametersSection(
  runs: readonly RunResults[],
  { withCommon }: { readonly withCommon: boolean },
): ReportSection {
  const { varying, common } = splitParameters(runs);
  const tables: ReportTable[] = [];
  if (varying.length > 0) {
    const rows = varying.map(([name, values]) => [name, ...values]);
    tables.push({ caption: 'Varying.', columns: ['option', ...runs.map(({ name }) => name)], rows });
  }
  if (withCommon && common.length > 0) {
    tables.push({ caption: 'Common to all runs.', columns: ['option', 'value'], rows: common });
  }
  return {
    heading: 'Training parameters',
    ...(varying.length === 0 && runs.length > 1 ? { text: 'The runs have the same options.' } : {}),
    tables,
  };
}
