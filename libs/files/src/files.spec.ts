import { link, mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { atomicWrite, isDiskFull, removeUnfinished, readyOutput, storageError } from './index.ts';

let folder = '';
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'files-'))));
afterEach(() => rm(folder, { recursive: true }));

describe('atomicWrite', () => {
  it('makes folders, replaces content and leaves nothing else behind', async () => {
    const path = join(folder, 'a', 'b.txt');
    await atomicWrite(path, 'first');
    await atomicWrite(path, Uint8Array.of(104, 105));
    expect(await readFile(path, 'utf8')).toBe('hi');
    expect(await readdir(join(folder, 'a'))).toEqual(['b.txt']);
  });

  it('makes folders that other writes make at the same time', async () => {
    const names = Array.from({ length: 20 }, (_, i) => join(folder, 'deep', 'down', String(i % 5), `${i}`));
    await Promise.all(names.map((name) => atomicWrite(name, 'x')));
    expect(await readdir(join(folder, 'deep', 'down'))).toHaveLength(5);
  });

  it('writes parts as they are made, all or none', async () => {
    const path = join(folder, 'parts.txt');
    async function* parts(isBroken: boolean) {
      yield 'first,';
      if (isBroken) throw new Error('lost');
      yield Uint8Array.of(104, 105);
    }
    await atomicWrite(path, parts(false));
    await expect(atomicWrite(path, parts(true))).rejects.toThrow('lost');
    expect(await readFile(path, 'utf8')).toBe('first,hi');
    expect(await readdir(folder)).toEqual(['parts.txt']);
  });

  it('gives two writers of one file a temporary file each', async () => {
    const path = join(folder, 'twice.txt');
    async function* slowly(letter: string) {
      for (let i = 0; i < 5; i++) {
        yield letter;
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
    }
    await Promise.all([atomicWrite(path, slowly('a')), atomicWrite(path, slowly('b'))]);
    expect(['aaaaa', 'bbbbb']).toContain(await readFile(path, 'utf8'));
    expect(await readdir(folder)).toEqual(['twice.txt']);
  });

  it('tells in one line what is in the way', async () => {
    await writeFile(join(folder, 'file'), '');
    const path = join(folder, 'file', 'below');
    await expect(atomicWrite(path, 'x')).rejects.toThrow(
      `${path}: cannot be written, a file of that name is in the way; choose another name`,
    );
  });

  it('keeps the old content when the new one cannot be put in its place', async () => {
    await atomicWrite(join(folder, 'taken', 'old'), 'old');
    await expect(atomicWrite(join(folder, 'taken'), 'x')).rejects.toThrow(
      'a directory of that name is in the way',
    );
    expect(await readdir(folder)).toEqual(['taken']);
    expect(await readFile(join(folder, 'taken', 'old'), 'utf8')).toBe('old');
  });
});

it('removes what killed processes left', async () => {
  await writeFile(join(folder, '.state.123.tmp'), 'half');
  await writeFile(join(folder, '.state.123-0a1b2c3d.tmp'), 'half');
  await writeFile(join(folder, 'state'), 'whole');
  await removeUnfinished(folder);
  expect(await readdir(folder)).toEqual(['state']);
});

it('removes those of some files alone', async () => {
  for (const name of ['.a.12.tmp', '.b.12.tmp', '.b.c.13.tmp', 'b.12.tmp'])
    await writeFile(join(folder, name), '');
  await removeUnfinished(folder, (name) => name === 'b');
  const left = (await readdir(folder)).filter((name) => name.endsWith('.tmp')).sort();
  expect(left).toEqual(['.a.12.tmp', '.b.c.13.tmp', 'b.12.tmp']);
});

it('knows an output that is an input by another name', async () => {
  await writeFile(join(folder, 'a.csv'), 'rows');
  await symlink(join(folder, 'a.csv'), join(folder, 'b.csv'));
  await link(join(folder, 'a.csv'), join(folder, 'd.csv'));
  const inputs = [join(folder, 'absent'), join(folder, 'b.csv')];
  for (const name of ['a.csv', 'd.csv']) {
    await expect(readyOutput(join(folder, name), inputs)).rejects.toThrow(`${name}: is an input`);
  }
  await writeFile(join(folder, '.c.csv.77.tmp'), 'left by a killed process');
  await readyOutput(join(folder, 'c.csv'), inputs);
  expect((await readdir(folder)).sort()).toEqual(['a.csv', 'b.csv', 'd.csv']);
});

it('knows a full disk, also as the cause of its own message', () => {
  const full = Object.assign(new Error('write'), { code: 'ENOSPC' });
  expect(isDiskFull(full)).toBe(true);
  expect(isDiskFull(storageError(full, 'out.bin'))).toBe(true);
  expect(isDiskFull(new Error('other'))).toBe(false);
});
