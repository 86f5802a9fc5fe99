import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bundledProgram, start, temporaryFolder } from '@hep/test-support';
import { readHistory } from '@hep/training';
import { killAndResume } from '@hep/training/testing';
import { run } from './testing/command-line.ts';

const KILLS = 3;

const folder = await temporaryFolder();
const program = bundledProgram();
const node = process.execPath;
const small = ['--toy-rows', '20000', '--batch-size', '64', '--hidden-units', '64,32'];
const flags = (output: string) => [
  ...[program, 'train', '-o', output, ...small, '--epochs', '12', '--balance-classes'],
  ...['--replicas', '1', '--threads', '1', '--checkpoint-minutes', '0.0005'],
];

/** History without times, and the frozen graph. */
async function numbersOf(path: string) {
  const history = await readHistory(join(path, 'history.csv'));
  const graph = await readFile(join(path, 'exports', 'frozen_graph.pb'));
  return { history: history.map(({ epoch, values }) => ({ epoch, values })), graph };
}

it('a killed training ends as an uninterrupted one', async () => {
  const [whole, torn] = [join(folder, 'whole'), join(folder, 'torn')];
  const { code, times, err } = await start(node, flags(whole));
  expect([code, err]).toEqual([0, '']);
  const { kills } = await killAndResume({
    command: node,
    start: flags(torn),
    resume: [program, 'resume', torn],
    runDirectory: torn,
    kills: KILLS,
    seed: 1,
    delayMilliseconds: [0, (times.at(-3)! - times[0]) / 3],
  });
  expect(kills).toBe(KILLS);
  expect(await numbersOf(torn)).toEqual(await numbersOf(whole));
}, 300_000);

it('a resumed run refuses another network and takes more epochs', async () => {
  const path = join(folder, 'small');
  expect((await run('train', '-o', path, '--epochs', '1', ...small)).code).toBe(0);
  const other = await run('train', '--resume', path, '--hidden-units', '8');
  expect([other.code, other.err.length]).toEqual([2, 1]);
  expect(other.err[0]).toContain('--hidden-units 8');
  expect((await run('resume', path, '--epochs', '2')).code).toBe(0);
  expect((await readHistory(join(path, 'history.csv'))).length).toBe(2);
});
