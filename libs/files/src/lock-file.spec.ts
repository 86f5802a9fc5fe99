import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { holdLock, withLock } from './index.ts';

let folder = '';
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'lock-'))));
afterEach(() => rm(folder, { recursive: true }));

const id = '00000000-0000-0000-0000-000000000000';

describe('holdLock', () => {
  it('is held by another running process of this machine alone', async () => {
    const lock = join(folder, 'run', '.lock');
    expect(await holdLock(lock)).toBeUndefined();
    expect(await holdLock(lock)).toBeUndefined();
    await writeFile(lock, `${process.ppid} ${hostname()} ${id}\n`);
    expect(await holdLock(lock)).toBe(process.ppid);
    for (const owner of [`999999999 ${hostname()}`, `${process.ppid} elsewhere`]) {
      await writeFile(lock, `${owner} ${id}\n`);
      expect(await holdLock(lock)).toBeUndefined();
    }
  });
});

describe('withLock', () => {
  it('lets one at a time work and leaves nothing behind', async () => {
    const path = join(folder, 'new', 'table');
    const outer = await withLock(path, async () => {
      expect(await readdir(join(folder, 'new'))).toEqual(['table.lock']);
      return withLock(path, () => Promise.resolve('inner'));
    });
    expect(outer).toEqual({ result: undefined });
    expect(await withLock(path, () => Promise.resolve('next'))).toEqual({ result: 'next' });
    await expect(withLock(path, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(await readdir(join(folder, 'new'))).toEqual([]);
  });

  it.each([
    ['nothing', ''],
    ['other content', 'not a lock'],
    ['a process that ended', `999999999 ${hostname()} ${id}\n`],
  ])('takes over a lock of %s', async (_, content) => {
    await writeFile(join(folder, 'table.lock'), content);
    expect(await withLock(join(folder, 'table'), () => Promise.resolve(1))).toEqual({ result: 1 });
  });

  it('of a process that ended is taken over by one of many', async () => {
    await writeFile(join(folder, 'table.lock'), `999999999 ${hostname()} ${id}\n`);
    const work = () => setTimeout(200);
    const all = Promise.all(Array.from({ length: 20 }, () => withLock(join(folder, 'table'), work)));
    expect((await all).filter((done) => done !== undefined)).toHaveLength(1);
    expect(await readdir(folder)).toEqual([]);
  });

  it.each([
    ['a running process', `${process.pid} ${hostname()} ${id}\n`],
    ['another machine', `1 elsewhere ${id}\n`],
  ])('respects a lock of %s', async (_, content) => {
    await writeFile(join(folder, 'table.lock'), content);
    expect(await withLock(join(folder, 'table'), () => Promise.resolve(1))).toBeUndefined();
    expect(await readdir(folder)).toEqual(['table.lock']);
  });
});
