/** Samples of different sizes that train together. */
import { option, UserError } from '@hep/options';
import type { SampleSizes } from '@hep/track-samples';
import { z } from 'zod';

const sizes = z.array(z.string().regex(/^[A-Za-z][\w-]*=\d+$/, 'NAME=NUMBER')).default([]);

/** Declarations of these options. */
export const sampleOptions = {
  sampleTracks: option({
    schema: sizes,
    describe:
      'training tracks of a sample (NAME=NUMBER), drawn before anything is balanced; more than there are repeat; ' +
      'default: all',
    group: 'Data',
  }),
  sampleTestTracks: option({
    schema: sizes,
    describe: 'most test tracks of a sample (NAME=NUMBER), 0 for none; default: those of --test-tracks',
    group: 'Data',
  }),
};

/** @throws UserError for a sample that stands twice */
export function sizesOf(flag: string, entries: readonly string[]): SampleSizes {
  const pairs = entries.map((entry) => entry.split('=') as [string, string]);
  const twice = pairs.find(([name], i) => pairs.findIndex(([other]) => other === name) < i);
  if (twice !== undefined)
    throw new UserError(`option --${flag}: ${twice[0]} stands twice, expected it once`);
  return new Map(pairs.map(([name, number]) => [name, Number(number)]));
}
