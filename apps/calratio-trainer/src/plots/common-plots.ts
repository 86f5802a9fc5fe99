/** The columns that every file is looked at by. */
import { flatNumbers } from '@hep/datasets/columns';
import { isFlat } from './jet-file.ts';
import type { JetFile } from './jet-file.ts';

/** A column, or spellings of it of which the first that a file has counts. */
export type CommonPlot = string | readonly string[];

/** Those of the reference (spec 2.3), in the spelling of older files, too. */
export const COMMON_PLOTS: readonly CommonPlot[] = [
  ['jet_pT', 'jet_pt'],
  ...['jet_eta', 'jet_phi', 'mcEventWeight'],
  ['MSeg_t0_1', 'nn_MSeg_t0_1'],
  ['MSeg_etaPos_0', 'nn_MSeg_etaPos_0'],
  ...['clus_time_0', 'clus_pt_0', 'clus_phi_1', 'clus_eta_1'],
  ['track_pt_0', 'track_pT_0'],
  ...['track_phi_1', 'track_eta_1'],
];

/** A column of several files; a file may lack it. */
export interface PlottedColumn {
  readonly title: string;
  /** As they are in the file, NaN and infinities too. */
  readonly values: ReadonlyMap<JetFile, Float64Array>;
}

/**
 * Reads the columns of some plots, all of a file at once; columns that hold no single numbers count as absent.
 * @throws UserError when a file is damaged
 */
export async function plottedColumns(
  plots: readonly CommonPlot[],
  files: readonly JetFile[],
): Promise<PlottedColumn[]> {
  const columns = plots.map((plot) => {
    const spellings = typeof plot === 'string' ? [plot] : plot;
    return { title: spellings[0], spellings, values: new Map<JetFile, Float64Array>() };
  });
  for (const jets of files) {
    const present = columns.flatMap((column) => {
      const name = column.spellings.find((spelling) => isFlat(jets.file.types.get(spelling)));
      return name === undefined ? [] : [{ column, name }];
    });
    const table = await jets.file.read([...new Set(present.map(({ name }) => name))]);
    for (const { column, name } of present)
      column.values.set(jets, Float64Array.from(flatNumbers(table, name, jets.file.path)));
  }
  return columns;
}
