/** Against a real Slurm: two nodes on this machine, each with two cores and one GPU that is none. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeWithSlurm, temporaryFolder } from '@hep/test-support';
import { cancelArray, runArray, slurm } from './index.ts';
import type { ArrayJob, ArraySettings, JobReport, JobResources } from './index.ts';

const root = await temporaryFolder();

const one: JobResources = { cpus: 1, gpus: 0 };

function arrayOf(name: string, commands: string[][], resources: JobResources = one): ArrayJob {
  return { name, commands, workingFolder: root, resources };
}

/** Shell that notes in `FILE` that it started, and goes on with the rest. */
function noting(file: string, rest: string): string[] {
  return ['sh', '-c', `echo started >>'${join(root, file)}'; ${rest}`];
}

function starts(file: string): number {
  return readFileSync(join(root, file), 'utf8').split('\n').length - 1;
}

function settingsOf(name: string, more: Partial<ArraySettings> = {}): ArraySettings {
  return { system: slurm, folder: join(root, name), pollSeconds: 1, graceSeconds: 2, ...more };
}

const states = (reports: readonly JobReport[]) => reports.map(({ state }) => state);

describeWithSlurm('jobs of Slurm', () => {
  it('end with the exit codes of their commands, whatever their arguments are', async () => {
    const odd = `a "b" 'c' $HOME \`d\`\n\\e *\t%a é`;
    const array = arrayOf('mixed', [
      ['printf', '%s', odd],
      ['sh', '-c', 'echo to the log; exit 3'],
      ['no-such-program'],
      ['sh', '-c', 'kill -SEGV $$'],
      ['sh', '-c', 'echo $GREETING in $PWD'],
    ]);
    const reports = await runArray({ ...array, environment: { GREETING: "it's me" } }, settingsOf('mixed'));
    expect(states(reports)).toEqual([
      { kind: 'done' },
      { kind: 'failed', reason: 'exit code 3', exitCode: 3 },
      { kind: 'failed', reason: 'exit code 127', exitCode: 127 },
      { kind: 'failed', reason: 'killed by signal 11', exitCode: 139 },
      { kind: 'done' },
    ]);
    const logs = reports.map(({ log }) => readFileSync(log, 'utf8'));
    expect([logs[0], logs[1], logs[4]]).toEqual([odd, 'to the log\n', `it's me in ${root}\n`]);
    expect(logs[2]).toContain('no-such-program');
  });

  it('get a GPU each', async () => {
    const command = ['sh', '-c', 'echo "gpu $CUDA_VISIBLE_DEVICES"'];
    const array = arrayOf('gpus', [command, command, command], { cpus: 1, gpus: 1 });
    const reports = await runArray(array, settingsOf('gpus'));
    expect(reports.map(({ log }) => readFileSync(log, 'utf8'))).toEqual(['gpu 0\n', 'gpu 0\n', 'gpu 0\n']);
  });

  it('that somebody cancels are submitted again', async () => {
    const wait = noting('starts-1', `[ $(wc -l <'${join(root, 'starts-1')}') -gt 1 ] || sleep 60`);
    let isCancelled = false;
    const kinds: string[] = [];
    const reports = await runArray(
      arrayOf('cancelled', [wait, ['true']]),
      settingsOf('cancelled', {
        onChange: ({ index, state }) => {
          if (index !== 0) return;
          kinds.push(state.kind);
          if (state.kind !== 'running' || isCancelled) return;
          isCancelled = true;
          execFileSync('scancel', [`${idOf('cancelled')}_0`]);
        },
      }),
    );
    expect(reports.map(({ state, attempts }) => [state.kind, attempts])).toEqual([
      ['done', 2],
      ['done', 1],
    ]);
    expect(kinds).toContain('lost');
  });
});

function idOf(name: string): string {
  const path = join(root, name, 'submission-1', 'submission.json');
  return (JSON.parse(readFileSync(path, 'utf8')) as { id: string }).id;
}
void cancelArray;
void starts;
void writeFileSync;
