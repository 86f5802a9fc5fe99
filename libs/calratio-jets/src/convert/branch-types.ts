import type { ColumnFile } from '@hep/datasets/columns';
import { UserError } from '@hep/options';
import type { CollectionName, EventLayout } from './layout.ts';

const NUMBER = '(u?int(8|16|32|64)|float(32|64)|bool)';
const PLAIN_NUMBER = '(u?int(8|16|32)|float(32|64)|bool)';

/** Features that are calculated with, so that 64-bit integers will not do. */
const CALCULATED = ['pt', 'eta', 'phi', 'etaPos', 'phiPos', 'phiDir', 'Lxy', 'Lz', 'isBIB', 'jetIndex'];
/** Collections whose objects may belong to several jets. */
const SHARED: readonly CollectionName[] = ['track', 'MSeg'];

/**
 * Checks that a file has every branch of a layout in a form that the conversion reads.
 * @throws UserError that names all missing branches, or all of another type
 */
export function checkBranches(file: ColumnFile, layout: EventLayout): void {
  const wanted = (Object.keys(layout) as CollectionName[]).flatMap((name) =>
    layout[name].map(({ branch, feature }) => ({ branch, ...expectedType(name, feature) })),
  );
  const missing = wanted.filter(({ branch }) => !file.types.has(branch)).map(({ branch }) => branch);
  if (missing.length > 0) {
    throw new UserError(
      `${file.path}: does not contain the required branches ${missing.join(', ')}; ` +
        'choose another --data-type or list the branches to read',
    );
  }
  const wrong = wanted.filter(({ branch, pattern }) => !pattern.test(file.types.get(branch)!));
  if (wrong.length === 0) return;
  const complaints = wrong.map(
    ({ branch, text }) => `${branch} has ${file.types.get(branch)}, expected ${text}`,
  );
  throw new UserError(`${file.path}: branches of other types than needed: ${complaints.join('; ')}`);
}

function expectedType(collection: CollectionName, feature: string): { pattern: RegExp; text: string } {
  if (collection === 'event') return { pattern: new RegExp(`^${NUMBER}$`), text: 'one number per event' };
  if (feature === 'jetIndex') {
    return SHARED.includes(collection)
      ? { pattern: /^u?int(8|16|32)\[\]\[\]$/, text: 'lists of lists of integers' }
      : { pattern: /^u?int(8|16|32)\[\]$/, text: 'lists of integers' };
  }
  const number = CALCULATED.includes(feature) ? PLAIN_NUMBER : NUMBER;
  return { pattern: new RegExp(`^${number}\\[\\]$`), text: 'lists of numbers' };
}
