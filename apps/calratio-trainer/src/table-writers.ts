import { tableText } from '@hep/calratio-jets';
import type { TableWriter } from '@hep/calratio-jets';
import { atomicWrite } from '@hep/files';

/** Forms in which tables of jets are written, by the extension of the file. */
export const TABLE_FORMATS = ['csv'] as const;

/** Writers of tables by format. */
export const tableWriters: Readonly<Record<(typeof TABLE_FORMATS)[number], TableWriter>> = {
  csv: (path, tables) => atomicWrite(path, tableText(tables)),
};
