import { goldenPath } from '@hep/test-support';
import { openRootFile } from '../root.ts';
import { plainRows } from './testing/plain-rows.ts';

describe('the example of the README', () => {
  it('reads some rows of a tree', async () => {
    const file = await openRootFile(goldenPath('root', 'types.root'), { tree: 'a/b/tree' });
    expect(file.types.get('event.hits.energy')).toBe('float32[]');
    const { columns } = await file.read(['n', 'event.hits.energy'], { first: 1, end: 3 });
    await file.close();
    expect(plainRows(columns.get('n')!)).toEqual([1, 2]);
    expect(plainRows(columns.get('event.hits.energy')!)).toEqual([[0], [0, 3]]);
  });
});
