import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bundledProgram, start, temporaryFolder } from '@hep/test-support';
import { readHistory } from '@hep/training';
import type { RunRecord } from '@hep/training';
import { run } from './testing/command-line.ts';

const folder = await temporaryFolder();
const at = (name: string) => join(folder, name);
const program = bundledProgram();
const SPACE = at('space.yaml');
const small = [
  ...['--toy-rows', '8000', '--absent-iterations', 'ignore', '--batch-size', '128', '--max-epochs', '3'],
  ...['--space', SPACE, '--parallel', '2'],
];

/** The real program; `onLine` may end it. */
const tune = (argv: readonly string[], onLine?: Parameters<typeof start>[2]) =>
  start(process.execPath, [program, 'tune', ...argv], onLine);

/** The table without times. */
async function table(path: string): Promise<string[][]> {
  const text = await readFile(join(path, 'tuning.csv'), 'utf8');
  const rows = text.trimEnd().split('\n');
  const seconds = rows[0].split(',').indexOf('seconds');
  return rows.map((row) => row.split(',').toSpliced(seconds, 1));
}

beforeAll(() =>
  writeFile(
    SPACE,
    `activation: { choice: [relu, swish] }
layers: { integer: [1, 2] }
hidden-units: { choice: [16, 8], times: layers }
one-hot-iteration: boolean
`,
  ),
);

it('tries networks, tells which are best, and exports the best one', async () => {
  const path = at('whole');
  const { code, err, out } = await tune(['-o', path, ...small]);
  expect([code, err]).toEqual([0, '']);
  const [header, ...rows] = await table(path);
  expect(header).toEqual([
    ...['rank', 'trial', 'bracket', 'round', 'epochs', 'val_loss', 'best_epoch'],
    ...['layers', 'hidden-units', 'activation', 'one-hot-iteration', 'failure'],
  ]);
  expect(rows).toHaveLength(5);
  const losses = rows.map(([, , , , , loss]) => Number(loss));
  expect(losses).toEqual([...losses].sort((a, b) => a - b));
  expect(rows.filter(([, , bracket, round]) => bracket === '1' && round === '2')).toHaveLength(1);
  const [, best] = rows[0];
  expect(out).toContain(`best network in ${join(path, 'best')}`);
  expect(await readdir(join(path, 'best', 'exports'))).toContain('frozen_graph.pb');
  const config = await readFile(join(path, 'best', 'config.yaml'), 'utf8');
  expect(config).toContain(join('trials', best.padStart(2, '0')));
  const report = await readFile(join(path, 'report.html'), 'utf8');
  for (const heading of ['Trials', 'Parameters', 'Brackets', 'Learning curves']) {
    expect(report).toContain(`>${heading}</h2>`);
  }
  expect(await readdir(join(path, 'tensorboard'))).toHaveLength(6);
}, 300_000);

it('a trial is an ordinary run, its outcome the best epoch of its history', async () => {
  const trial = join(at('whole'), 'trials', '03');
  const outcome = JSON.parse(await readFile(join(trial, 'round-1.json'), 'utf8'));
  const losses = (await readHistory(join(trial, 'history.csv'))).map(({ values }) => values['val_loss']);
  expect(losses).toHaveLength(3);
  expect(await readdir(trial)).not.toContain('.run.lock');
  expect(outcome).toMatchObject({ kind: 'finished', objective: Math.min(...losses) });
  const { code } = await run('resume', trial, '--epochs', '4');
  expect(code).toBe(0);
  expect(await readHistory(join(trial, 'history.csv'))).toHaveLength(4);
  expect(existsSync(join(trial, 'report.html'))).toBe(true);
}, 100_000);

it('takes the AUC as the objective, and exports the epoch where it was largest', async () => {
  const path = at('auc');
  const { code } = await tune(['-o', path, ...small, '--objective', 'val_auc', '--factor', '4']);
  expect(code).toBe(0);
  const [header, ...rows] = await table(path);
  const history = await readHistory(join(path, 'trials', '00', 'history.csv'));
  const areas = history.map(({ values }) => values['val_auc']);
  expect(Number(rows[0][header.indexOf('val_auc')])).toBe(Math.max(...areas));
  const run = JSON.parse(await readFile(join(path, 'trials', '00', 'run.json'), 'utf8')) as RunRecord;
  expect([run.status, String(run.result?.bestEpoch)]).toEqual([
    'finished',
    rows[0][header.indexOf('best_epoch')],
  ]);
}, 100_000);

it('a search that is stopped, then killed, ends with the table of one that was not', async () => {
  const path = at('torn');
  const onFirst = (signal: NodeJS.Signals): Parameters<typeof start>[2] => {
    let isSent = false;
    return (line, child) => {
      if (isSent || !/^trial \d+, /.test(line)) return;
      isSent = true;
      child.kill(signal);
    };
  };
  const stopped = await tune(['-o', path, ...small], onFirst('SIGINT'));
  expect([stopped.code, stopped.err]).toEqual([130, '']);
  expect(stopped.out).toContain(`interrupted; go on with tune --resume ${path}`);
  const killed = await tune(['--resume', path], onFirst('SIGKILL'));
  expect(killed.code).toBe(null);
  const { code, err } = await start(process.execPath, [program, 'resume', path]);
  expect([code, err]).toEqual([0, '']);
  expect(await table(path)).toEqual(await table(at('whole')));
}, 300_000);

it('trials that diverge or crash count as the worst, with the reason, and stop nothing', async () => {
  const space = at('wild.yaml');
  await writeFile(
    space,
    'learning-rate: { choice: [0.001, 1e30] }\nlayers: { integer: [1, 9] }\nhidden-units: { choice: [8], times: layers }',
  );
  const path = at('wild');
  let hasKilled = false;
  const { code, out } = await tune([...['-o', path], ...small, '--space', space], (line) => {
    if (hasKilled || !/^trial \d+/.test(line)) return;
    hasKilled = true;
    void killTrial(path);
  });
  expect(code).toBe(0);
  const { trials } = JSON.parse(await readFile(join(path, 'tuning.json'), 'utf8')) as {
    trials: { objective?: number; failure?: string }[];
  };
  const failures = trials.flatMap(({ failure }) => failure ?? []);
  expect(failures.some((reason) => reason.includes('is NaN'))).toBe(true);
  expect(failures.some((reason) => reason.startsWith('was ended by SIGKILL'))).toBe(true);
  const last = trials.slice(-failures.length);
  expect(last.every(({ objective }) => objective === undefined)).toBe(true);
  expect(trials[0].failure).toBeUndefined();
  expect(out).toContain('failed: ');
}, 300_000);

it('tells the reason when no trial is left, and keeps the table', async () => {
  const space = at('hopeless.yaml');
  await writeFile(space, 'learning-rate: { choice: [1e30] }');
  const path = at('hopeless');
  const { code, err } = await tune(['-o', path, ...small, '--space', space, '--max-epochs', '1']);
  expect(code).toBe(1);
  expect(err).toMatch(/^trackdnn-trainer: all trials failed; the first of them: .*loss is NaN.*\n$/);
  expect(await table(path)).toHaveLength(2);
}, 100_000);

/** Kills a trial that runs; its lock tells the process. */
async function killTrial(path: string): Promise<void> {
  for (;;) {
    const locks = (await readdir(join(path, 'trials'))).filter((name) => /^\d+\.lock$/.test(name));
    const owner = await readFile(join(path, 'trials', locks[0] ?? '-'), 'utf8').catch(() => '');
    if (owner !== '') {
      process.kill(Number(owner.split(' ')[0]), 'SIGKILL');
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

it('says in one line what it cannot do', async () => {
  const refused = async (...argv: string[]) => {
    const { code, err } = await run('tune', ...argv);
    expect([code, err.length]).toEqual([2, 1]);
    return err[0];
  };
  const space = at('wrong.yaml');
  await writeFile(space, 'activation: { choice: [relu, tanh] }');
  expect(await refused('-o', at('x'), '--space', space)).toContain(
    'wrong.yaml, key activation: got "tanh", expected one of relu, swish',
  );
  await writeFile(space, 'hiden-units: { choice: [8] }');
  expect(await refused('-o', at('x'), '--space', space)).toContain('did you mean hidden-units?');
  expect(await refused('-o', at('x'), '--space', at('none.yaml'))).toContain('cannot be read (ENOENT)');
  expect(await refused('-o', at('x'), '--schedule', 'cosine')).toContain('option --schedule cosine');
  expect(await refused('-o', at('x'), '--gpus', '0')).toContain('option --gpus');
  expect(await refused('-o', at('x'), '--batch', 'slurm', '--batch-memory', 'much')).toContain(
    '--batch-memory',
  );
  expect(await refused('-o', at('whole'))).toContain('holds a search already');
  expect(await refused('--resume', at('nothing'))).toContain('no run there');
  expect(await refused('--resume', at('whole'), '--max-epochs', '9')).toContain('--max-epochs 9');
  expect(existsSync(at('x'))).toBe(false);
});

it.each([['tune', '--resume'], ['resume']])(
  '%j shows the options of a search that it would go on with',
  async (...words) => {
    const { out } = await run(...words, at('whole'), '--parallel', '7', '--print-settings');
    const told = out.join('\n');
    const saved = await readFile(join(at('whole'), 'config.yaml'), 'utf8');
    expect(/^space: .*/m.exec(told)?.[0]).toBe(/^space: .*/m.exec(saved)![0]);
    expect(told).toContain('parallel: 7\n');
  },
);

it('replaces a search only when asked to, and never one that another process is at', async () => {
  const path = at('taken');
  let refused = { code: 0, err: [] as readonly string[] };
  let isAsked = false;
  const ended = await tune(['-o', path, ...small, '--max-epochs', '1'], (_, child) => {
    if (isAsked) return;
    isAsked = true;
    void run('tune', '-o', path, '--force').then((outcome) => {
      refused = outcome;
      child.kill('SIGINT');
    });
  });
  expect([ended.code, refused.code]).toEqual([130, 2]);
  expect(refused.err[0]).toContain('another process is at this search');
  await mkdir(join(path, 'trials', 'old'), { recursive: true });
  const { code } = await tune(['-o', path, ...small, '--max-epochs', '1', '--force']);
  expect(code).toBe(0);
  expect(await readdir(join(path, 'trials'))).toEqual(['00']);
}, 100_000);

it('a mistake in the data ends the search with the words of the training', async () => {
  const { code, err } = await tune(['-o', at('data'), ...small, '--toy-rows', '300']);
  expect(code).toBe(2);
  expect(err).toMatch(/^trackdnn-trainer: trial-\d-round-1: trackdnn-trainer: .*\n$/);
}, 100_000);
