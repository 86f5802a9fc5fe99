/** Which tracks train, validate and test. */
import { UserError } from '@hep/options/user-error';
import { fractionOfHash } from '../tables/event-hash.ts';

/** Parts of the events that do not train. */
export interface SplitFractions {
  readonly validation: number;
  readonly test: number;
}

/** Row numbers of the parts, rising. */
export interface TrackSplit {
  readonly train: Int32Array;
  readonly validation: Int32Array;
  readonly test: Int32Array;
}

/** Name of a part. */
export type SplitPart = keyof TrackSplit;

/** The part that a group of tracks belongs to; it depends on nothing but (seed, group). */
export function partOf(group: number, seed: number, { validation, test }: SplitFractions): SplitPart {
  const place = fractionOfHash(group, seed);
  if (place < test) return 'test';
  return place < test + validation ? 'validation' : 'train';
}

/**
 * Splits tracks by their events: all tracks of an event, and all copies of it, are in one part. The fractions are those
 * of the events on average.
 * @throws UserError when a part is empty
 */
export function splitTracks(groups: Uint32Array, seed: number, fractions: SplitFractions): TrackSplit {
  const parts = Array.from(groups, (group) => partOf(group, seed, fractions));
  const rowsOf = (part: SplitPart) => {
    const rows = Int32Array.from(groups, (_, row) => row).filter((row) => parts[row] === part);
    if (rows.length > 0) return rows;
    throw new UserError(
      `split: no track of ${groups.length} for ${part}; give more events, or change --validation-fraction and --test-fraction`,
    );
  };
  return { train: rowsOf('train'), validation: rowsOf('validation'), test: rowsOf('test') };
}
