import { UserError } from '@hep/options/user-error';
import type { Branch } from './branch.ts';
import { Damage } from '../../damage.ts';
import { treeStretches } from './tree-stretches.ts';

/** A branch with baskets that begin at the given entries. */
function branch(...starts: number[]): Branch {
  return { baskets: () => starts.map((first) => ({ first })) } as unknown as Branch;
}

describe('stretches of a tree', () => {
  it('lie between entries at which all branches begin a basket', () => {
    const branches = [branch(0, 10, 20, 30, 40), branch(0, 20, 25, 40), branch(0)];
    expect(treeStretches(branches, 50)).toEqual([
      { first: 0, end: 20 },
      { first: 20, end: 40 },
      { first: 40, end: 50 },
    ]);
  });

  it.each([
    ['no branches', []],
    ['single baskets', [branch(0), branch(0)]],
    ['baskets that do not line up', [branch(0, 7, 14), branch(0, 10, 20)]],
  ])('are not known of %s', (_, branches) => {
    expect(treeStretches(branches, 50)).toBeUndefined();
  });

  it('leave the complaint about a damaged branch to reading', () => {
    const failing = (error: Error): Branch =>
      ({
        baskets: () => {
          throw error;
        },
      }) as unknown as Branch;
    expect(treeStretches([branch(0, 5), failing(new Damage('no baskets'))], 10)).toBeUndefined();
    expect(() => treeStretches([branch(0, 5), failing(new UserError('other'))], 10)).toThrow('other');
  });
});
