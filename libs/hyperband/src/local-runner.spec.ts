import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '@hep/test-support';
import { LocalRunner } from './index.ts';
import type { LocalRunnerOptions, Task } from './index.ts';

const folder = await temporaryFolder();
const at = (name: string) => join(folder, name);
const limits = { parallel: 4, silentMilliseconds: 20_000, longestMilliseconds: null, logs: at('logs') };

const task = (name: string, code: string): Task => ({
  name,
  command: [process.execPath, '-e', code],
  result: at(name),
});
const writes = (name: string) => `require('fs').writeFileSync(${JSON.stringify(at(name))}, '1');`;

async function run(
  tasks: readonly Task[],
  options: Partial<LocalRunnerOptions> = {},
  signal = new AbortController().signal,
) {
  const ends: Record<string, string | null> = {};
  await new LocalRunner({ ...limits, ...options }).run('group', tasks, signal, async ({ name }, failure) => {
    ends[name] = failure;
  });
  return ends;
}

it('tells how each process ended: done, crashed, killed, silent for too long', async () => {
  const ends = await run(
    [
      task('done', writes('done')),
      task('crashed', 'console.log("before"); console.error("no weights\\n"); process.exit(1)'),
      task('killed', 'process.kill(process.pid, "SIGKILL")'),
      task('forgetful', 'process.exit(0)'),
      task('hangs', 'console.log("epoch 1"); setInterval(() => {}, 1000)'),
    ],
    { silentMilliseconds: 5000 },
  );
  expect(ends).toEqual({
    done: null,
    crashed: 'ended with code 1 and no result: no weights',
    killed: 'was ended by SIGKILL',
    forgetful: 'ended with code 0 and no result',
    hangs: 'no output for 5 s',
  });
  expect(await readFile(join(at('logs'), 'crashed.log'), 'utf8')).toBe('before\nno weights\n\n');
});

it('output keeps a process alive, up to the longest time', async () => {
  const busy = 'setInterval(() => console.log("epoch"), 100)';
  const ends = await run([task('busy', busy)], { silentMilliseconds: 4000, longestMilliseconds: 8000 });
  expect(ends).toEqual({ busy: 'not done after 8 s' });
});

it('a process that wrote its result is done, however it ended', async () => {
  expect(await run([task('late', `${writes('late')} process.exit(9)`)])).toEqual({ late: null });
});

it('never runs more processes than asked for', async () => {
  await mkdir(at('running'));
  const counts = (name: string) => `
    const fs = require('fs'); const own = ${JSON.stringify(at('running'))} + '/${name}';
    fs.writeFileSync(own, ''); const count = fs.readdirSync(${JSON.stringify(at('running'))}).length;
    setTimeout(() => { fs.rmSync(own); fs.writeFileSync(${JSON.stringify(folder)} + '/${name}', String(count)) }, 50);`;
  const names = ['a', 'b', 'c', 'd', 'e', 'f'];
  await run(
    names.map((name) => task(name, counts(name))),
    { parallel: 2 },
  );
  const seen = await Promise.all(names.map(async (name) => Number(await readFile(at(name), 'utf8'))));
  expect(Math.max(...seen)).toBeLessThanOrEqual(2);
});

it('gives processes that run at the same time different environments', async () => {
  const tells = (name: string) => `setTimeout(() => require('fs').writeFileSync(
    ${JSON.stringify(at(name))}, process.env.GPU + ' ' + process.env.PATH.length), 1000)`;
  const names = ['first', 'second', 'third'];
  const environments = [{ GPU: '4' }, { GPU: '6' }];
  await run(
    names.map((name) => task(name, tells(name))),
    { parallel: 2, environments },
  );
  const seen = await Promise.all(names.map((name) => readFile(at(name), 'utf8')));
  const path = process.env['PATH']!.length;
  expect(seen.slice(0, 2)).toEqual([`4 ${path}`, `6 ${path}`]);
  expect([`4 ${path}`, `6 ${path}`]).toContain(seen[2]);
});

it('stops its processes when asked to, and tells of no failure', async () => {
  const stop = new AbortController();
  const polite = `process.on('SIGTERM', () => { ${writes('stopped')} process.exit(143) });
    console.log('ready'); setInterval(() => {}, 1000)`;
  const running = run(
    [{ ...task('polite', polite), result: at('never') }, task('waits', '')],
    { parallel: 1 },
    stop.signal,
  );
  const log = () => readFile(join(at('logs'), 'polite.log'), 'utf8').catch(() => '');
  while ((await log()) === '') await new Promise((resolve) => setTimeout(resolve, 20));
  stop.abort('SIGINT');
  expect(await running).toEqual({});
  expect(existsSync(at('stopped'))).toBe(true);
});

it("a mistake of the user ends the group with the process's own words", async () => {
  const words = `program: ${'a.parquet: row 1, '.repeat(80)}correct them`;
  const wrong = task('wrong', `process.stdout.write("epoch "); console.error("${words}"); process.exit(2)`);
  const slow = task('slow', 'setInterval(() => {}, 1000)');
  await expect(run([wrong, slow])).rejects.toThrow(`wrong: ${words}`);
  await expect(run([{ ...wrong, command: [at('no-such-program')] }])).rejects.toThrow(/cannot be started/);
});
