/** Which files are read, and what sample each of them is of. */
import { resolve } from 'node:path';
import { matchFiles } from '@hep/files';
import { UserError } from '@hep/options/user-error';

/** An input file, and the sample that its tracks are of. */
export interface SampleFile {
  readonly path: string;
  readonly sample: string;
}

/** Sample of files that are given without one. */
export const ONLY_SAMPLE = 'all';

const NAMED = /^([A-Za-z][\w-]*)=(.+)$/;

/**
 * Files that paths and patterns stand for, each once however it is named, in their order; `NAME=PATTERN` says what sample they are of.
 * @throws UserError when one stands for no file, and for a file of two samples
 */
export async function listSampleFiles(inputs: readonly string[]): Promise<SampleFile[]> {
  const files = new Map<string, SampleFile>();
  for (const input of inputs) {
    const [, name, pattern] = NAMED.exec(input) ?? [];
    const asItIs = await matchFiles(input);
    const isNamed = asItIs.length === 0 && name !== undefined;
    const paths = isNamed ? await matchFiles(pattern) : asItIs;
    const sample = isNamed ? name : ONLY_SAMPLE;
    if (paths.length === 0)
      throw new UserError(`${input}: no such file; give a file or a pattern such as data/*.root`);
    for (const path of paths) {
      const place = resolve(path);
      const earlier = files.get(place) ?? { path, sample };
      if (earlier.sample !== sample)
        throw new UserError(`${path}: in samples ${earlier.sample} and ${sample}; expected each file in one`);
      files.set(place, earlier);
    }
  }
  return [...files.values()];
}

/** The same without samples. */
export async function listTrackFiles(inputs: readonly string[]): Promise<string[]> {
  return (await listSampleFiles(inputs)).map(({ path }) => path);
}
