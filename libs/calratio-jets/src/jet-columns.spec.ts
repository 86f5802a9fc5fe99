import { TRAINING_COLUMNS } from './jet-columns.ts';
import { describeWithFixture, fixturePath } from '@hep/test-support';
import { readFileSync } from 'node:fs';

const BUILT = ['calratio', 'golden', 'build_bib.csv'];

describeWithFixture(BUILT, 'columns of a training file', () => {
  it('are those of a file that the reference built, in its order', () => {
    const [header] = readFileSync(fixturePath(...BUILT), 'utf8').split('\n', 1);
    expect(TRAINING_COLUMNS).toEqual(header.trim().split(','));
  });
});
