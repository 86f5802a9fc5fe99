import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '@hep/options';
import { temporaryFolder } from '@hep/test-support';
import { claimRunPath, earlierRunPath, nextRunPath, runNumbers } from './index.ts';

const folder = await temporaryFolder();

async function folderOf(name: string, ...runs: string[]): Promise<string> {
  for (const run of runs) {
    await mkdir(join(folder, name, run), { recursive: true });
    await writeFile(join(folder, name, run, 'run.json'), '{}');
  }
  return join(folder, name);
}

describe('numbered runs', () => {
  it('begin with 00000 and count on from the largest number, whatever else is there', async () => {
    expect(await nextRunPath(join(folder, 'none'))).toBe(join(folder, 'none', '00000'));
    const some = await folderOf('some', '00000', '00002', 'junk');
    await writeFile(join(some, '00007'), '');
    expect(await runNumbers(some)).toEqual([0, 2]);
    expect(await nextRunPath(some)).toBe(join(some, '00003'));
  });

  it('are claimed by one training each', async () => {
    const claimed = await Promise.all(Array.from({ length: 5 }, () => claimRunPath(join(folder, 'new'))));
    const names = ['00000', '00001', '00002', '00003', '00004'];
    expect(claimed.sort()).toEqual(names.map((name) => join(folder, 'new', name)));
    expect((await readdir(join(folder, 'new'))).sort()).toEqual(names);
  });

  it('leave out a number that a file has', async () => {
    const some = await folderOf('taken', '00000');
    await writeFile(join(some, '00001'), '');
    expect(await claimRunPath(some)).toBe(join(some, '00002'));
  });

  it('cannot be claimed below a file', async () => {
    await writeFile(join(folder, 'file'), '');
    await expect(claimRunPath(join(folder, 'file', 'runs'))).rejects.toBeInstanceOf(UserError);
  });

  it('are found by number, negative ones from the end', async () => {
    const some = await folderOf('found', '00000', '00001', '00004');
    expect(await earlierRunPath(some, -1)).toBe(join(some, '00004'));
    expect(await earlierRunPath(some, -2)).toBe(join(some, '00001'));
    expect(await earlierRunPath(some, 1)).toBe(join(some, '00001'));
    await expect(earlierRunPath(some, 2)).rejects.toThrow(
      `Cannot continue from run 2 in ${some}: it does not exist; there are 0, 1, 4`,
    );
    await expect(earlierRunPath(join(folder, 'none'), -1)).rejects.toThrow('there are none');
  });
});
