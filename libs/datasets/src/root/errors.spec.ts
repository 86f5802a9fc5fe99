import { readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '@hep/options/user-error';
import { goldenPath, temporaryFolder } from '@hep/test-support';
import type { RootFileOptions } from '../root.ts';
import { openRootFile } from '../root.ts';
import { directoryFile } from './testing/directory-file.ts';
import { patchedTree, replaceInt64 } from './testing/patched-tree.ts';

const golden = goldenPath('root', 'types.root');
const folder = await temporaryFolder();

async function file(content: string | Uint8Array): Promise<string> {
  const path = join(folder, 'file.root');
  await writeFile(path, content);
  return path;
}

async function message(path: string, names: string[] = [], options: RootFileOptions = {}): Promise<string> {
  try {
    const opened = await openRootFile(path, { tree: 'a/b/tree', ...options });
    await opened.read(names).finally(() => opened.close());
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    expect(error.message).not.toContain('\n');
    return error.message.replaceAll(`${folder}/`, '').replaceAll(golden, 'types.root');
  }
  return 'no error';
}

describe('what cannot be read is told', () => {
  it('a missing, empty, foreign or shortened file', async () => {
    expect(await message(join(folder, 'none.root'))).toBe('none.root: file not found, expected a ROOT file');
    expect(await message(folder)).toContain('not a file, expected a ROOT file');
    expect(await message(await file(''))).toBe('file.root: the file is empty, expected a ROOT file');
    expect(await message(await file('PAR1'))).toBe(
      "file.root: not a ROOT file, its first bytes are not 'root'",
    );
    const path = await file(await readFile(golden));
    await truncate(path, 9000);
    expect(await message(path)).toMatch(/^file.root: the file is cut off: 9000 bytes of \d+; copy it again$/);
  });

  it('a tree that is not there or not chosen', async () => {
    expect(await message(golden, [], { tree: undefined })).toBe(
      "types.root: 2 trees, choose one of 'a/b/tree', 'embedded'",
    );
    expect(await message(golden, [], { tree: 'tree' })).toBe(
      "types.root: no tree 'tree', expected one of 'a/b/tree', 'embedded'",
    );
    expect(await message(golden, [], { tree: 'a/b/tree;9' })).toContain("no tree 'a/b/tree;9'");
  });

  it('all missing branches at once', async () => {
    expect(await message(golden, ['n', 'x', 'y'])).toBe("types.root: no branch 'x', 'y' in tree 'a/b/tree'");
  });

  it('a branch whose type is no column', async () => {
    const objects = goldenPath('root', 'objects.root');
    expect(await message(objects, ['kept'], { tree: undefined })).toMatch(
      /objects.root: branch 'kept': type TClonesArray is not readable, expected numbers, texts or lists of them$/,
    );
  });

  it('directories that contain each other, and key lists of absurd length', async () => {
    expect(await message(await file(directoryFile({ childIsParent: true })))).toBe(
      'file.root: directory: directories contain each other without end',
    );
    expect(await message(await file(directoryFile({ keys: 2_000_000_000 })))).toBe(
      'file.root: directory: 2000000000 keys in a shorter list',
    );
    expect(await message(await file(directoryFile({})))).toBe('file.root: no tree in this file');
  });

  it.each([1000, 10 ** 9, 5 * 10 ** 11, Number.MAX_SAFE_INTEGER])(
    'a tree that claims %p entries, in time and memory of four',
    async (entries) => {
      const path = await file(await patchedTree(golden, 'tree', (plain) => replaceInt64(plain, 4, entries)));
      for (const name of ['n', 'pair.b', 'doubles', 'name', 'event.lists']) {
        expect(await message(path, [name])).toMatch(
          /^file.root: (tree 'a\/b\/tree': |branch '[\w.]+'(, entries 0 to \d+)?: (a basket of 4 entries, expected|does not fit))/,
        );
      }
    },
  );
});
