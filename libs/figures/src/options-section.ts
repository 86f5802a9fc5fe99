import type { ReportSection } from './report.ts';

/** The options of a run as the last section of its report. @param rows names and values, as an option set gives them */
export function optionsSection(rows: readonly (readonly [name: string, value: string])[]): ReportSection {
  const caption = 'As resolved from defaults, YAML and flags.';
  return { heading: 'Options', tables: [{ caption, columns: ['option', 'value'], rows }] };
}
