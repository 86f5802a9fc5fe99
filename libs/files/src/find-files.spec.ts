import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFiles, localPath } from './index.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'find-'));
  for (const name of [
    'a/1.root',
    'a/2.root',
    'a/.3.root',
    'b/1.root',
    'b/deep/x[1].root',
    'b/deep/ä b.root',
  ]) {
    await mkdir(join(folder, name, '..'), { recursive: true });
    await writeFile(join(folder, name), '');
  }
  await mkdir(join(folder, 'a', 'folder.root'));
  await symlink(folder, join(folder, 'b', 'circle'));
});
afterAll(() => rm(folder, { recursive: true }));

const found = async (pattern: string) =>
  (await findFiles(join(folder, pattern))).map((path) => path.slice(folder.length + 1));

describe('findFiles', () => {
  it.each([
    ['a/1.root', ['a/1.root']],
    ['a/*.root', ['a/1.root', 'a/2.root']],
    ['a/.*', ['a/.3.root']],
    ['?/[13].root', ['a/1.root', 'b/1.root']],
    ['[!a]/*', ['b/1.root']],
    ['**/1.root', ['a/1.root', 'b/1.root']],
    ['b/**', ['b/1.root', 'b/deep/x[1].root', 'b/deep/ä b.root']],
    ['b/deep/x[1].root', ['b/deep/x[1].root']],
    ['*/deep/*.root', ['b/deep/x[1].root', 'b/deep/ä b.root']],
  ])('finds %s', async (pattern, expected) => {
    expect(await found(pattern)).toEqual(expected);
  });

  it('takes URIs of files', async () => {
    expect(await findFiles(`file://${folder}/b/deep/%C3%A4%20b.root`)).toEqual([
      join(folder, 'b/deep/ä b.root'),
    ]);
    expect((await findFiles(`file://localhost${folder}/a/*`)).length).toBe(2);
    expect(localPath('FILE://data/x.root')).toBe('data/x.root');
  });

  it.each([
    ['none.root', 'none.root: file not found, expected a file or a pattern such as data/*.root'],
    ['none/*.root', 'none/*.root: no file matches this pattern'],
    [
      'a/[z-a].root',
      'pattern "[z-a].root": not valid, expected ranges such as [0-9] with the lower end first',
    ],
  ])('complains about %s', async (pattern, message) => {
    await expect(found(pattern)).rejects.toThrow(message);
  });

  it('complains about other places', async () => {
    await expect(findFiles('root://eos/a.root')).rejects.toThrow(
      'root://eos/a.root: only local files are read, copy it and give a path or a file:// URI',
    );
    await expect(findFiles('file:///%ff')).rejects.toThrow('not a valid URI');
  });
});
