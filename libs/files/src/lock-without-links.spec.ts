import * as actual from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { temporaryFolder } from '@hep/test-support';

/** A file system that has no hard links. */
jest.unstable_mockModule('node:fs/promises', () => ({
  ...actual,
  link: () => Promise.reject(Object.assign(new Error('not permitted'), { code: 'EPERM' })),
}));

const { holdLock, withLock } = await import('./lock-file.ts');
const folder = await temporaryFolder();

it('locks work without hard links', async () => {
  const path = join(folder, 'table');
  expect(await withLock(path, () => withLock(path, () => Promise.resolve(1)))).toEqual({ result: undefined });
  expect(await withLock(path, () => Promise.resolve(2))).toEqual({ result: 2 });
  const lock = join(folder, '.lock');
  await actual.writeFile(lock, `${process.ppid} ${hostname()} 00000000-0000-0000-0000-000000000000\n`);
  expect(await holdLock(lock)).toBe(process.ppid);
  await actual.rm(lock);
  expect(await holdLock(lock)).toBeUndefined();
  expect(await actual.readdir(folder)).toEqual(['.lock']);
});
