import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '@hep/test-support';
import { earlierRunPath, nextRunPath, runNumbers } from './index.ts';

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

  it('take a directory again that never became a run', async () => {
    const broken = await folderOf('broken', '00000');
    await mkdir(join(broken, '00001'));
    expect(await nextRunPath(broken)).toBe(join(broken, '00001'));
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
