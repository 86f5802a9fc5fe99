import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { slurm } from '@hep/batch-jobs';
import type { BatchSystem, JobState } from '@hep/batch-jobs';
import { temporaryFolder } from '@hep/test-support';
import { BatchRunner, SEARCH_FAILED } from './index.ts';
import type { Task } from './index.ts';

const folder = await temporaryFolder();
const at = (name: string) => join(folder, name);

/** Does the work of a submission at once; commands in `lost` leave nothing behind, the first times. */
function immediate(lost: Map<number, number> = new Map()): { system: BatchSystem; cancelled: string[] } {
  const cancelled: string[] = [];
  const known = new Map<string, Map<number, JobState>>();
  let submissions = 0;
  const system: BatchSystem = {
    ...slurm,
    submit: async (place) => {
      const id = String(++submissions);
      const states = new Map<number, JobState>();
      const { indices } = JSON.parse(await readFile(join(place, 'submission.json'), 'utf8')) as {
        indices: number[];
      };
      for (const index of indices) {
        const left = lost.get(index) ?? 0;
        lost.set(index, left - 1);
        if (left > 0) states.set(index, { kind: 'lost', reason: 'node failed' });
        else spawnSync('bash', ['-c', `bash tasks.sh ${index} >logs/${index}.txt 2>&1`], { cwd: place });
      }
      known.set(id, states);
      return id;
    },
    find: async () => undefined,
    states: async (id) => known.get(id) ?? new Map(),
    cancel: async (id) => void cancelled.push(id),
  };
  return { system, cancelled };
}

const task = (name: string, script: string): Task => ({
  name,
  command: ['sh', '-c', script],
  result: at(name),
});
const writes = (name: string) => `echo 1 >${at(name)}`;

function runnerOf(system: BatchSystem, jobs: string): BatchRunner {
  const resources = { cpus: 1, gpus: 0 };
  return new BatchRunner(
    { system, resources, attempts: 2, pollSeconds: 0.1 },
    { jobs: at(jobs), workingFolder: folder, notice: () => undefined },
  );
}

async function run(runner: BatchRunner, tasks: readonly Task[], signal = new AbortController().signal) {
  const ends: Record<string, string | null> = {};
  await runner.run('group', tasks, signal, async ({ name }, failure) => void (ends[name] = failure));
  return ends;
}

it('tells how each job ended; lost ones are submitted again, up to a limit', async () => {
  const { system } = immediate(
    new Map([
      [2, 1],
      [3, 2],
    ]),
  );
  const ends = await run(runnerOf(system, 'a'), [
    task('done', writes('done')),
    task('crashed', 'echo no weights; exit 1'),
    task('once-lost', writes('once-lost')),
    task('lost', writes('lost')),
    task('forgetful', 'true'),
  ]);
  expect(ends).toEqual({
    done: null,
    crashed: 'exit code 1: no weights',
    'once-lost': null,
    lost: 'node failed, 2 attempts',
    forgetful: 'ended without a result',
  });
});

it('a mistake of the user ends the group, and the jobs are submitted anew when it goes on', async () => {
  const { system, cancelled } = immediate();
  const wrong = [task('wrong', 'echo "a.parquet: not found"; exit 2')];
  await expect(run(runnerOf(system, 'b'), wrong)).rejects.toThrow('wrong: a.parquet: not found');
  expect(cancelled).toEqual(['1']);
  expect(existsSync(join(at('b'), 'group'))).toBe(false);
  const right = [task('wrong', writes('wrong'))];
  expect(await run(runnerOf(system, 'b'), right)).toEqual({ wrong: null });
});

it('jobs outlive a stop, but not a search that failed', async () => {
  const { system, cancelled } = immediate();
  const stopped = new AbortController();
  stopped.abort('SIGINT');
  const tasks = [task('later', writes('later'))];
  await run(runnerOf(system, 'c'), tasks);
  await rm(at('later'));
  await run(runnerOf(system, 'c'), tasks, stopped.signal);
  expect(await readdir(join(at('c'), 'group'))).toContain('submission-1');
  const failed = new AbortController();
  failed.abort(SEARCH_FAILED);
  await run(runnerOf(system, 'c'), tasks, failed.signal);
  expect(cancelled).toEqual(['1']);
  expect(existsSync(join(at('c'), 'group'))).toBe(false);
});
