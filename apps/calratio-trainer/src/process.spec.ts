import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { trainWholeAndTorn } from '@hep/training/testing';
import { bundledProgram, start, temporaryFolder } from '@hep/test-support';
import { numbersOf } from './testing/run-content.ts';
import { SMALL } from './testing/small-training.ts';

const KILLS = 5;
const EPOCHS = 20;

const folder = await temporaryFolder();
const program = bundledProgram();
const node = process.execPath;
const firstRun = (output: string) => join(output, 'default', '00000');
/** Epochs of a few batches, and checkpoints within them, so that kills hit every part of the loop. */
const flags = (output: string, ...more: string[]) => [
  ...['train', '-o', output, ...SMALL, '--batch-size', '64', '--checkpoint-minutes', '0.0005'],
  ...['--epochs', String(EPOCHS), ...more],
];

/** Both trainings of a command: with and without adversary. */
const bothOf = async (output: string) => [
  await numbersOf(firstRun(output)),
  await numbersOf(join(firstRun(output), 'without-adversary')),
];

it('a process that is killed again and again ends with the numbers of an undisturbed one', async () => {
  const [whole, torn] = [join(folder, 'whole'), join(folder, 'torn')];
  const { kills, output } = await trainWholeAndTorn({
    ...{ program, whole, torn, kills: KILLS, seed: 1 },
    train: flags,
    resume: (torn) => ['resume', firstRun(torn)],
    runOf: firstRun,
    delay: (times) => [0, (times.at(-1)! - times[0]) / KILLS],
  });
  expect(kills).toBe(KILLS);
  expect(output).toContain(`epoch ${EPOCHS}/${EPOCHS}`);
  expect(await bothOf(torn)).toEqual(await bothOf(whole));
}, 300_000);

it.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)(
  'after %s it exits with %s and goes on to the same numbers',
  async (signal, code) => {
    const [whole, stopped] = [join(folder, `whole-${signal}`), join(folder, signal)];
    const alone = ['--compare-without-adversary=false', '--epochs', '12'];
    expect((await start(node, [program, ...flags(whole, ...alone)])).code).toBe(0);
    const stop = await start(node, [program, ...flags(stopped, ...alone)], (line, child) => {
      if (line.startsWith('epoch  3/12')) child.kill(signal);
    });
    expect([stop.code, stop.err]).toEqual([code, '']);
    expect(stop.out).toContain('stopping after the running batches; Ctrl-C again to stop at once\n');
    expect(stop.out).toMatch(/00000: interrupted after epoch \d+; go on with --resume \S+00000\n$/);
    const record = JSON.parse(await readFile(join(firstRun(stopped), 'run.json'), 'utf8'));
    expect(record).toMatchObject({ status: 'interrupted', result: { stoppedBy: 'interrupt' } });

    expect((await start(node, [program, 'train', '--resume', firstRun(stopped)])).code).toBe(0);
    expect(await numbersOf(firstRun(stopped))).toEqual(await numbersOf(firstRun(whole)));
  },
  120_000,
);
