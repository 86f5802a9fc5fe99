import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bundledProgram, start } from '@hep/test-support';

/**
 * A search whose trials are jobs: its process is killed, then all jobs are cancelled, then another process goes on. Its
 * table must be that of a search on this machine.
 * @param folder that the nodes share
 */
export async function expectSearchToSurvive(
  folder: string,
  system: 'slurm' | 'htcondor',
  cancelAll: () => void,
): Promise<void> {
  const at = (name: string) => join(folder, name);
  const space = at('space.yaml');
  await writeFile(space, 'layers: { integer: [1, 2] }\nhidden-units: { choice: [16, 8], times: layers }\n');
  const small = [
    ...['--toy-rows', '8000', '--absent-iterations', 'ignore', '--batch-size', '128'],
    ...['--max-epochs', '3', '--space', space],
  ];
  const tune = (argv: readonly string[], onLine?: Parameters<typeof start>[2]) =>
    start(process.execPath, [bundledProgram(), 'tune', ...argv], onLine);
  const batch = ['--batch', system, '--batch-poll', '1', '--batch-minutes', '10'];

  let isTorn = false;
  const killed = await tune(['-o', at('batch'), ...small, ...batch], (line, child) => {
    if (isTorn || !/^trial \d+, /.test(line)) return;
    isTorn = true;
    child.kill('SIGKILL');
  });
  expect(killed.code).toBe(null);
  cancelAll();
  const resumed = await tune(['--resume', at('batch')]);
  expect([resumed.code, resumed.err]).toEqual([0, '']);
  const local = await tune(['-o', at('local'), ...small]);
  expect([local.code, local.err]).toEqual([0, '']);
  expect(await table(at('batch'))).toEqual(await table(at('local')));
}

/** The table without times. */
async function table(path: string): Promise<unknown> {
  const { trials } = JSON.parse(await readFile(join(path, 'tuning.json'), 'utf8')) as {
    trials: Record<string, unknown>[];
  };
  return trials.map((row) => ({ ...row, seconds: null }));
}
