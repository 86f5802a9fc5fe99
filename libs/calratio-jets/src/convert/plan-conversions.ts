import { basename, extname, join, resolve } from 'node:path';
import { UserError } from '@hep/options';
import { localFiles } from '../inputs/local-files.ts';
import type { Conversion } from './convert-file.ts';
import type { ConversionSettings } from './ntuple.ts';

/** Files of one kind: a path, a pattern or an address, and how they are converted. */
export interface ConversionInput {
  readonly input: string;
  /** Folder below the output folder. Default: the output folder itself. */
  readonly outputFolder?: string;
  readonly settings: ConversionSettings;
}

/** Where the tables go. */
export interface OutputPlace {
  readonly folder: string;
  /** With the dot: `.parquet`. */
  readonly extension: string;
}

/**
 * Files of all inputs in their order, each with the file that it becomes: the stem of its name in the output folder. A
 * file that two inputs find for the same output is converted once.
 * @throws UserError for an input without files, and when two files would become one
 */
export async function planConversions(
  inputs: readonly ConversionInput[],
  { folder, extension }: OutputPlace,
): Promise<Conversion[]> {
  const planned = new Map<string, Conversion>();
  for (const { input: pattern, outputFolder = '', settings } of inputs) {
    for (const input of await localFiles([pattern])) {
      const output = join(folder, outputFolder, `${basename(input, extname(input))}${extension}`);
      const key = resolve(output);
      const other = planned.get(key);
      if (other === undefined) planned.set(key, { input, output, settings });
      else requireSame(other, { input, output, settings });
    }
  }
  return [...planned.values()];
}

function requireSame(first: Conversion, second: Conversion): void {
  const { dataType } = first.settings;
  if (resolve(first.input) === resolve(second.input) && dataType === second.settings.dataType) return;
  throw new UserError(
    `${first.input} (${dataType}) and ${second.input} (${second.settings.dataType}) would both become ` +
      `${first.output}; give them an output_dir each in input_files, or convert them to different folders`,
  );
}
