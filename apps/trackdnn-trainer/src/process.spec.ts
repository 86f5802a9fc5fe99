import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bundledProgram, temporaryFolder } from '@hep/test-support';
import { readHistory } from '@hep/training';
import { timelessHistory, trainWholeAndTorn } from '@hep/training/testing';
import { run, runWell } from './testing/command-line.ts';

const KILLS = 4;

const folder = await temporaryFolder();
const at = (name: string) => join(folder, name);
const program = bundledProgram();
/**
 * Of one and of two replicas: an epoch takes a second or more, so that most checkpoints lie within one. The second network is
 * large enough that replicas divide the update of its weights.
 */
const sizes = [
  ['--batch-size', '4', '--hidden-units', '64,32'],
  ['--batch-size', '16', '--hidden-units', '256,32'],
];

beforeAll(async () => {
  await runWell('toy', '-o', at('tracks.parquet'), '--tracks', '20000', '--nested');
  await runWell('prepare', '-i', at('tracks.parquet'), '-o', at('shards'), '--shard-tracks', '1000');
});

const numbersOf = async (run: string) => ({
  history: await timelessHistory(run),
  graph: await readFile(join(run, 'exports', 'frozen_graph.pb')),
});

it.each([
  ['in memory', ['--toy-rows', '20000', '--balance-classes'], 1],
  ['in memory', ['--toy-rows', '20000'], 2],
  ['from shards', ['--shards', at('shards'), '--window-tracks', '2000'], 1],
  ['from shards', ['--shards', at('shards'), '--window-tracks', '2000'], 2],
])(
  'a training %s that is killed ends as an uninterrupted one (%j, %i replicas)',
  async (source, tracks, replicas) => {
    const [whole, torn] = ['whole', 'torn'].map((name) => at(`${name} ${source} ${replicas}`));
    const { kills } = await trainWholeAndTorn({
      ...{ program, whole, torn, kills: KILLS, seed: replicas },
      train: (output) => [
        ...['train', '-o', output, ...tracks, '--no-balance-iterations', '--epochs', '6'],
        ...['--replicas', String(replicas), '--threads', '1', '--checkpoint-minutes', '0.0005'],
        ...sizes[replicas - 1],
      ],
      resume: (output) => ['resume', output],
      // Late enough to have trained, early enough not to end before the last kill.
      delay: (times) => [12, 6].map((part) => (times.at(-3)! - times[0]) / part) as [number, number],
    });
    expect(kills).toBe(KILLS);
    const { resumes } = JSON.parse(await readFile(join(torn, 'run.json'), 'utf8'));
    expect(resumes.some(({ from }: { from: string }) => /-batch-\d+/.test(from))).toBe(true);
    expect(await numbersOf(torn)).toEqual(await numbersOf(whole));
  },
  300_000,
);

it('a resumed run refuses another network and other tracks in an epoch, and takes more epochs', async () => {
  const path = at('small');
  const few = ['--toy-rows', '8000', '--batch-size', '64', '--hidden-units', '16', '--threads', '1'];
  await runWell('train', '-o', path, '--epochs', '1', ...few);
  for (const changed of [
    ['--hidden-units', '8'],
    ['--activation', 'swish'],
    ['--no-one-hot-iteration'],
    ['--output-bias', '0'],
    ['--no-pt-weights'],
    ['--batch-size', '32'],
    ['--toy-rows', '9000'],
    ['--window-tracks', '1000'],
  ]) {
    const { code, err } = await run('train', '--resume', path, ...changed, '--epochs', '2');
    expect([code, err.length]).toEqual([2, 1]);
    expect(err[0]).toContain(changed[0].replace('--no-', '--'));
    expect(err[0]).toContain('leave the option away, or start a new run');
  }
  await runWell('resume', path, '--epochs', '2');
  expect(await readHistory(join(path, 'history.csv'))).toHaveLength(2);
});
