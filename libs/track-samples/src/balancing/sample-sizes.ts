/** How many tracks of each sample train and validate. */
import { suggestion, UserError } from '@hep/options/user-error';

/** Tracks of a sample that could train and validate. */
export interface SampleTracks {
  readonly train: number;
  readonly validation: number;
}

/** Tracks of samples that are taken. */
export type SampleSizes = ReadonlyMap<string, number>;

/**
 * Tracks of each sample that train, and those that validate: these in the same proportions, as many as there are without
 * repeating any.
 * @param wanted training tracks of some samples; of the others all
 * @throws UserError for a sample that is not there, or has no track to draw from
 */
export function mixedSizes(
  samples: ReadonlyMap<string, SampleTracks>,
  wanted: SampleSizes,
): { readonly train: SampleSizes; readonly validation: SampleSizes } {
  requireSamples(samples.keys(), wanted);
  const train = new Map([...samples].map(([name, tracks]) => [name, wanted.get(name) ?? tracks.train]));
  for (const [name, tracks] of train) {
    if (tracks > 0 && samples.get(name)!.train === 0) {
      throw new UserError(`sample ${name}: no training tracks, ${tracks} wanted; add files of it`);
    }
  }
  const factors = [...samples].map(([name, tracks]) => train.get(name)! / Math.max(1, tracks.train));
  const largest = Math.max(1, ...factors);
  const validation = new Map(
    [...samples].map(([name, tracks], i) => [name, Math.round((tracks.validation * factors[i]) / largest)]),
  );
  return { train, validation };
}

/** @throws UserError for a size of a sample that is not there */
export function requireSamples(names: Iterable<string>, sizes: SampleSizes): void {
  const known = [...names];
  const other = [...sizes.keys()].find((name) => !known.includes(name));
  if (other === undefined) return;
  throw new UserError(
    `sample ${other}: no files of it, expected one of ${known.join(', ')}${suggestion(other, known)}`,
  );
}
