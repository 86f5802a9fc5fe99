import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { defineOptions } from '@hep/options';
import { temporaryFolder } from '@hep/test-support';
import { batchOf, batchOptions, runArray } from './index.ts';
import type { BatchSystem } from './index.ts';

const folder = await temporaryFolder();

/** A batch system that does the work at once. */
function immediate(system: BatchSystem): BatchSystem {
  return {
    ...system,
    submit: async (place) => {
      for (const index of ['0', '1']) spawnSync('bash', [join(place, 'tasks.sh'), index]);
      return '17';
    },
    find: async () => undefined,
    states: async () => new Map(),
  };
}

it('shows how commands become jobs', async () => {
  const options = defineOptions({ ...batchOptions });
  const batch = batchOf(options.parse(['--batch', 'slurm', '--batch-memory', '2G', '--batch-gpus', '1']));
  if (batch === undefined) throw new Error('asked for Slurm');
  const changes: string[] = [];
  const reports = await runArray(
    {
      name: 'prepare',
      commands: [['true'], ['false', '--input', 'qcd 2.root']],
      workingFolder: folder,
      resources: batch.resources,
    },
    {
      ...batch,
      system: immediate(batch.system),
      folder,
      onChange: ({ index, state }) => changes.push(`${index} ${state.kind}`),
    },
  );
  expect(reports.map(({ state }) => state)).toEqual([
    { kind: 'done' },
    { kind: 'failed', reason: 'exit code 1', exitCode: 1 },
  ]);
  expect(changes).toEqual(['0 pending', '1 pending', '0 done', '1 failed']);
  const job = await readFile(join(folder, 'submission-1', 'job.sh'), 'utf8');
  expect(job).toContain('#SBATCH --mem=2048M');
  expect(job).toContain('#SBATCH --gres=gpu:1');
});
