import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { matchFiles } from './index.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'match-'));
  for (const name of ['a', 'b', join('a', 'deep')]) await mkdir(join(folder, name));
  const files = ['a/1.pkl', 'a/2.pkl', 'a/x.csv', 'a/deep/3.pkl', 'b/1.pkl', 'b/[1].pkl', 'a/.hidden.pkl'];
  for (const name of files) await writeFile(join(folder, name), '');
  await symlink(folder, join(folder, 'b', 'circle'));
});
afterAll(() => rm(folder, { recursive: true }));

const matched = async (pattern: string) =>
  (await matchFiles(join(folder, pattern))).map((path) => path.slice(folder.length + 1));

describe('matchFiles', () => {
  it.each([
    ['a/*.pkl', ['a/1.pkl', 'a/2.pkl']],
    ['*/1.pkl', ['a/1.pkl', 'b/1.pkl']],
    ['[!a]/?.pkl', ['b/1.pkl']],
    ['**/3.pkl', ['a/deep/3.pkl']],
    ['a/**', ['a/1.pkl', 'a/2.pkl', 'a/deep/3.pkl', 'a/x.csv']],
    ['a/.*.pkl', ['a/.hidden.pkl']],
    ['b/circle/a/*.csv', ['b/circle/a/x.csv']],
    ['b/[1].pkl', ['b/[1].pkl']],
    ['a/1.pkl', ['a/1.pkl']],
    ['a', []],
    ['none/*.pkl', []],
    ['a/none', []],
  ])('%s', async (pattern, expected) => {
    expect(await matched(pattern)).toEqual(expected);
  });

  it('takes characters of expressions as they are', async () => {
    expect(await matched('a/(1|2).pk*')).toEqual([]);
    await expect(matched('a/[z-a].pkl')).rejects.toThrow('pattern "[z-a].pkl": not understood');
  });
});
