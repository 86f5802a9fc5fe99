import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '@hep/test-support';
import { readHistory } from '@hep/training';
import { run, runWell } from './testing/command-line.ts';

const folder = await temporaryFolder();
const at = (name: string) => join(folder, name);
const shards = at('shards');
const small = [
  ...['--shards', shards, '--batch-size', '64', '--window-tracks', '640', '--hidden-units', '32'],
  ...['--replicas', '1', '--threads', '1'],
];

beforeAll(async () => {
  for (const [name, first] of [
    ['a', '1'],
    ['b', '1000'],
  ]) {
    await runWell('toy', '-o', at(`${name}.parquet`), '--tracks', '8000', '--first-event', first, '--nested');
  }
  const prepare = (job: string) =>
    runWell('prepare', '-i', at('*.parquet'), '-o', shards, '--shard-tracks', '1000', '--job', job);
  const { out: first } = await prepare('1/2');
  expect(first.at(-1)).toBe('1 of 2 files are left to other jobs');
  const { out: second } = await prepare('2/2');
  expect(second.at(-1)).toBe(`2 files in ${shards}, ready for train --shards ${shards}`);
});

it('prepare goes on where it stopped', async () => {
  const again = await runWell('prepare', '-i', at('*.parquet'), '-o', shards, '--shard-tracks', '1000');
  expect(again.out.slice(0, 2).every((line) => line.endsWith(', as before'))).toBe(true);
  const other = await run('prepare', '-i', at('a.parquet'), '-o', shards);
  expect([other.code, other.err.length]).toEqual([2, 1]);
  expect(other.err[0]).toContain('prepared with --shard-tracks 1000, now 65536');
});

it('train reads shards, tells how long the engine waited, and judges the test tracks', async () => {
  const path = at('run');
  const { out } = await runWell('train', '-o', path, ...small, '--epochs', '2', '--learning-rate', '0.002');
  expect(out.some((line) => /^the engine waited \S+ s for tracks, \S+ % of the training$/.test(line))).toBe(
    true,
  );
  const sizes = out.map((line) => /^(\d+) training, (\d+) validation and (\d+) test tracks$/.exec(line));
  const [, training] = sizes.find((match) => match !== null)!.map(Number);
  expect(training % 11).toBe(0);
  const history = await readHistory(join(path, 'history.csv'));
  expect(history[1].values['loss']).toBeLessThan(history[0].values['loss']);
  expect(history[1].values['val_auc']).toBeGreaterThan(0.6);
  expect(existsSync(join(path, 'exports', 'frozen_graph.pb'))).toBe(true);
});

it('any number of threads reads the same tracks, also of a run that goes on', async () => {
  const flags = [...small, '--epochs', '1', '--no-tensorboard'];
  const histories = [];
  for (const threads of ['1', '3']) {
    const path = at(`threads ${threads}`);
    await runWell('train', '-o', path, ...flags, '--window-threads', threads);
    await runWell('resume', path, '--epochs', '2', '--window-threads', '2');
    const history = await readHistory(join(path, 'history.csv'));
    histories.push(history.map(({ values }) => values));
  }
  expect(histories[0]).toHaveLength(2);
  expect(histories[1]).toEqual(histories[0]);
});

it('a shard that is gone ends the training in one line, and what was trained stays', async () => {
  const path = at('gone');
  const files = await readdir(shards);
  await runWell('train', '-o', path, ...small, '--epochs', '1');
  await Promise.all(files.filter((name) => name.startsWith('train-')).map((name) => rm(join(shards, name))));
  const { code, err } = await run('train', '--resume', path, '--epochs', '2');
  expect([code, err.length]).toEqual([2, 1]);
  expect(err[0]).toMatch(/train-\w+-\d+-\d+.columns: shard cannot be read \(ENOENT\); prepare it again/);
  expect(await readHistory(join(path, 'history.csv'))).toHaveLength(1);
});

it('options that exclude each other are refused', async () => {
  const refused = async (...more: string[]) => (await run('train', '-o', at('x'), ...small, ...more)).err[0];
  expect(await refused('-i', at('a.parquet'))).toContain('--shards and --input: give one of them');
  expect(await refused('--select', 'trk_pt > 1')).toContain(
    'option --select: tracks of --shards were chosen',
  );
});

it.each(['train', 'tune'] as const)('%s tells that shards are not prepared', async (command) => {
  const { code, err } = await run(command, '-o', at('x'), '--shards', at('unprepared'));
  expect([code, err.length]).toEqual([2, 1]);
  expect(err[0]).toContain('unprepared/manifest.json: not found; prepare all files of tracks first');
  expect(existsSync(at('x'))).toBe(false);
});
