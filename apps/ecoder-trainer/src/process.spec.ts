import { execFileSync } from 'node:child_process';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { trainWholeAndTorn } from '@hep/training/testing';
import { runWell } from './testing/command-line.ts';
import { bundledProgram, start, temporaryFolder } from '@hep/test-support';
import type { Ended } from '@hep/test-support';
import { numbersOf } from './testing/run-content.ts';

const MODEL = '8x8_c8_S2_tele';
const KILLS = 10;

const folder = await temporaryFolder();
const data = join(folder, 'toy.csv');
const program = bundledProgram();
const node = process.execPath;
const launch = (argv: readonly string[], onLine?: Parameters<typeof start>[2]) =>
  start(node, [program, ...argv], onLine);
/** Epochs of a few batches, and checkpoints within them, so that kills hit every part of the loop. */
const flags = (output: string, ...more: string[]) => [
  ...['train', '-i', data, '-o', output, '--batch-size', '128', '--checkpoint-minutes', '0.0005'],
  ...more,
];

beforeAll(() => runWell('toy', '-o', data, '--rows', '2400'));

describe('a killed training process', () => {
  it.each([
    [1, 100],
    [2, 80],
  ])(
    'with %i replicas ends with the weights and the history of an uninterrupted one',
    async (replicas, epochs) => {
      const [whole, torn] = [join(folder, `whole-${replicas}`), join(folder, `torn-${replicas}`)];
      const settings = ['--replicas', String(replicas), '--epochs', String(epochs), '--threads', '1'];
      const { kills, output } = await trainWholeAndTorn({
        ...{ program, whole, torn, kills: KILLS, seed: replicas },
        train: (output) => flags(output, ...settings),
        resume: (output) => ['train', '--resume', output],
        runOf: (output) => join(output, MODEL),
        // Up to a share of the training after its first epoch: late enough to hit it, never all behind it.
        delay: (times) => {
          const [firstLine, , firstEpoch] = times;
          const lastEpoch = times[1 + epochs];
          return [0, firstEpoch - firstLine + (lastEpoch - firstEpoch) / KILLS];
        },
      });
      expect(kills).toBe(KILLS);
      expect(output).toContain(`epoch ${epochs}/${epochs}`);
      expect(await numbersOf(join(torn, MODEL))).toEqual(await numbersOf(join(whole, MODEL)));
      const { resumes } = JSON.parse(await readFile(join(torn, MODEL, 'run.json'), 'utf8'));
      const points = new Set(resumes.map(({ from }: { from: string | null }) => from));
      process.stdout.write(`killed ${kills} times, resumed from ${points.size} different points\n`);
    },
    300_000,
  );
});

describe('a stopped training process', () => {
  const whole = join(folder, 'whole');
  const settings = ['--epochs', '30', '--seed', '7'];

  beforeAll(async () => {
    expect((await launch(flags(whole, ...settings))).code).toBe(0);
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGKILL', null],
  ] as const)(
    'after %s exits with %s and resumes to the same weights',
    async (signal, code) => {
      const stopped = join(folder, signal);
      const stop = await launch(flags(stopped, ...settings), (line, child) => {
        if (line.startsWith('epoch  5/30')) child.kill(signal);
      });
      expect([stop.code, stop.err]).toEqual([code, '']);
      const record = JSON.parse(await readFile(join(stopped, MODEL, 'run.json'), 'utf8'));
      if (code !== null) {
        expect(stop.out).toContain('stopping after the running batches; Ctrl-C again to stop at once\n');
        expect(stop.out).toMatch(/\n8x8_c8_S2_tele: interrupted after epoch \d+; go on with --resume \S+\n$/);
        expect(record).toMatchObject({ status: 'interrupted', result: { stoppedBy: 'interrupt' } });
      }
      expect(record.result?.epochs ?? 5).toBeLessThan(30);

      const resumed = await launch(['resume', stopped]);
      expect([resumed.code, resumed.err]).toEqual([0, '']);
      expect(resumed.out).toMatch(/going on after epoch \d+ of 30\n/);
      expect(await numbersOf(join(stopped, MODEL))).toEqual(await numbersOf(join(whole, MODEL)));
    },
    120_000,
  );
});

describe('the program', () => {
  const bin = fileURLToPath(new URL('../bin/ecoder-trainer.js', import.meta.url));
  const call = (...argv: string[]): Promise<Ended> => start(node, [bin, ...argv]);

  it('starts from its bin, with errors on standard error and codes for scripts', async () => {
    expect(await call('--help')).toMatchObject({ code: 0, err: '', out: expect.stringContaining('train') });
    expect(await call('--version')).toMatchObject({ code: 0, out: '0.1.0\n' });
    expect(await call('train', '-i', 'none.csv')).toMatchObject({
      code: 2,
      out: '',
      err: 'ecoder-trainer: none.csv: file not found, expected a CSV file or a folder of them\n',
    });
  });
});

it('reports nothing to the makers of ONNX Runtime', async () => {
  // The library would complain that it cannot keep the number that it knows this machine by.
  const argv = flags(join(folder, 'quiet'), '--epochs', '1');
  const { code, err } = await start('env', [
    '-u',
    'ORT_DISABLE_TELEMETRY',
    'HOME=/proc/none',
    node,
    program,
    ...argv,
  ]);
  expect([code, err]).toEqual([0, '']);
});

describe('a reader that goes away', () => {
  it('does not end the training', async () => {
    const output = join(folder, 'unread');
    const { code, err } = await launch(flags(output, '--epochs', '5'), (_, child) => child.stdout?.destroy());
    expect([code, err]).toEqual([0, '']);
    const record = JSON.parse(await readFile(join(output, MODEL, 'run.json'), 'utf8'));
    expect(record.status).toBe('finished');
  });
});

describe('a full disk', () => {
  const disk = join(folder, 'disk');
  const mount = async (kibibytes: number): Promise<boolean> => {
    await mkdir(disk, { recursive: true });
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${kibibytes}k`, 'tmpfs', disk], { stdio: 'ignore' });
      return true;
    } catch {
      process.stdout.write('skipped: a small file system cannot be mounted here\n');
      return false;
    }
  };
  const unmount = () => execFileSync('umount', [disk]);

  it('is told before training starts', async () => {
    if (!(await mount(300))) return;
    try {
      const { code, err, out } = await launch(flags(join(disk, 'run'), '--epochs', '2'));
      expect(out).not.toContain('epoch 1/2');
      expect([code, err]).toEqual([
        2,
        expect.stringMatching(
          /^ecoder-trainer: \S+: 0\.\d MiB free, but the run needs 1\.\d MiB; free some space or choose another place\n$/,
        ),
      ]);
    } finally {
      unmount();
    }
  });

  it('at the end loses nothing: the run goes on where there is room again', async () => {
    if (!(await mount(2000))) return;
    try {
      const output = join(disk, 'run');
      const { code, err } = await launch(flags(output, '--epochs', '2', '--tensorboard=false'));
      expect([code, err]).toEqual([
        2,
        `ecoder-trainer: ${join(output, MODEL, 'report.html')}: cannot be written, no space left on the disk; free some space or choose another place\n`,
      ]);
      expect(await readdir(join(output, MODEL, 'checkpoints'))).toContain('epoch-0002.checkpoint');
      execFileSync('mount', ['-o', 'remount,size=20M', disk]);
      expect((await launch(['train', '--resume', output])).code).toBe(0);
      expect(await readdir(join(output, MODEL))).toContain('report.html');
    } finally {
      unmount();
    }
  });
});
