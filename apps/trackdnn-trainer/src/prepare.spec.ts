import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, rm, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { writeColumns } from '@hep/datasets/columns';
import type { ColumnTable, FlatColumn } from '@hep/datasets/columns';
import { bundledProgram, start, temporaryFolder } from '@hep/test-support';
import { generateToyTracks } from '@hep/track-samples';
import { readHistory } from '@hep/training';
import { run, runWell } from './testing/command-line.ts';

const folder = await temporaryFolder();
const at = (name: string) => join(folder, name);
const program = bundledProgram();
const small = ['--shard-tracks', '500', '--threads', '2'];

beforeAll(async () => {
  await runWell('toy', '-o', at('big.parquet'), '--tracks', '48000', '--seed', '2');
});

/** Checksums of the files of a folder by name. */
async function checksums(of: string): Promise<Record<string, string>> {
  const names = (await readdir(of)).filter((name) => !name.startsWith('.')).sort();
  const entries = names.map(async (name) => {
    const bytes = await readFile(join(of, name));
    return [name, createHash('sha256').update(bytes).digest('hex')];
  });
  return Object.fromEntries(await Promise.all(entries));
}

it('killed again and again, prepares what an uninterrupted run does', async () => {
  const prepare = (target: string) => [program, 'prepare', '-i', at('big.parquet'), '-o', target, ...small];
  const [whole, torn] = [at('whole'), at('torn')];
  const { code, err } = await start(process.execPath, prepare(whole));
  expect([code, err]).toEqual([0, '']);
  for (const sections of [1, 3]) {
    const child = spawn(process.execPath, prepare(torn), { stdio: 'ignore' });
    const ended = new Promise((resolve) => child.once('exit', (_, signal) => resolve(signal)));
    // A section is done when its list is there.
    while ((await listsOf(torn)) < sections && child.exitCode === null) await sleep(5);
    child.kill('SIGKILL');
    expect(await ended).toBe('SIGKILL');
  }
  const { out } = await start(process.execPath, prepare(torn));
  expect(out).toMatch(/48000 tracks in \d+ shards, ([3-9]|\d\d) of \d+ parts as before/);
  expect(await checksums(torn)).toEqual(await checksums(whole));
}, 60_000);

async function listsOf(target: string): Promise<number> {
  const names = await readdir(target).catch(() => []);
  return names.filter((name) => /^[0-9a-f]{12}-\d{5}\.json$/.test(name)).length;
}

it.each(['1', '2'])(
  'on a full disk with %s threads ends in one line and goes on later',
  async (threads) => {
    const target = at(`full-${threads}`);
    const command = [process.execPath, program, 'prepare', '-i', at('big.parquet'), '-o', target];
    const all = [...command, '--shard-tracks', '2000', '--threads', threads]
      .map((part) => `'${part}'`)
      .join(' ');
    // No file may grow beyond 100 kB: a shard has more.
    const { code, err } = await start('bash', ['-c', `ulimit -f 100; exec ${all}`]);
    expect([code, err.trim().split('\n')]).toEqual([
      2,
      [expect.stringMatching(/train-\S+.columns: cannot be written, the file would exceed the size limit/)],
    ]);
    expect(existsSync(join(target, 'manifest.json'))).toBe(false);
    expect((await start('bash', ['-c', `exec ${all}`])).code).toBe(0);
  },
  60_000,
);

describe('bad input', () => {
  const changed = (changes: Readonly<Record<string, (values: Float32Array) => void>>): ColumnTable => {
    const toy = generateToyTracks({ tracks: 3000, seed: 1 });
    for (const [name, change] of Object.entries(changes)) {
      change((toy.columns.get(name) as FlatColumn).values as Float32Array);
    }
    return toy;
  };

  it.each([
    [
      'a value that is missing',
      changed({ trk_dz: (values) => (values[2500] = NaN) }),
      'row 2500: trk_dz is NaN, expected a finite number; correct them, or leave them out with --drop-invalid',
    ],
    [
      'an iteration that is unknown',
      changed({ trk_originalAlgo: (values) => (values[7] = 12) }),
      'row 7: trk_originalAlgo is 12, expected one of 4, 5, 6',
    ],
    [
      'a branch that is missing',
      {
        rows: 3000,
        columns: new Map([...changed({}).columns].filter(([name]) => name !== 'trk_nPixel')),
      },
      '1 of 31 branches missing: trk_nPixel',
    ],
  ])('%s is told with file and row', async (name, table, message) => {
    const path = at(`${name.replaceAll(' ', '-')}.npz`);
    await writeColumns(path, [table]);
    const { code, err } = await run('prepare', '-i', path, '-o', at('refused'), ...small);
    expect([code, err.length]).toEqual([2, 1]);
    expect(err[0]).toContain(path);
    expect(err[0]).toContain(message);
  });

  it('one class alone trains no network', async () => {
    await writeColumns(at('true.npz'), [changed({ trk_isTrue: (values) => values.fill(1) })]);
    await runWell('prepare', '-i', at('true.npz'), '-o', at('one-class'), ...small);
    const { code, err } = await run('train', '--shards', at('one-class'), '-o', at('x'));
    expect([code, err.length]).toEqual([2, 1]);
    expect(err[0]).toMatch(/one-class: train has \d+ true tracks and 0 fakes, expected both/);
  });

  it('a shard that is cut ends the training in one line; preparing again restores it', async () => {
    const shards = at('cut');
    const prepare = () => runWell('prepare', '-i', at('big.parquet'), '-o', shards, ...small);
    await prepare();
    const quick = ['--epochs', '1', '--batch-size', '256', '--hidden-units', '16', '--replicas', '1'];
    await runWell('train', '--shards', shards, '-o', at('run'), ...quick, '--threads', '1');
    const files = (await readdir(shards)).filter((name) => name.startsWith('train-'));
    await Promise.all(files.map((name) => truncate(join(shards, name), 2000)));
    const { code, err } = await run('train', '--resume', at('run'), '--epochs', '2');
    expect([code, err.length]).toEqual([2, 1]);
    expect(err[0]).toMatch(/train-\S+.columns: shard has 2000 bytes, expected \d+; prepare it again/);
    await prepare();
    await runWell('train', '--resume', at('run'), '--epochs', '2');
    expect(await readHistory(join(at('run'), 'history.csv'))).toHaveLength(2);
    await rm(shards, { recursive: true });
  });

  it('a shard that vanishes while others are prepared is named', async () => {
    const shards = at('vanished');
    await runWell('prepare', '-i', at('big.parquet'), '-o', shards, ...small);
    await writeColumns(at('second.npz'), [changed({})]);
    const [victim] = (await readdir(shards)).filter((name) => name.startsWith('train-'));
    await rm(join(shards, victim));
    const both = ['-i', at('second.npz'), '-i', at('big.parquet')];
    const { code, err } = await run('prepare', ...both, '-o', shards, ...small, '--job', '1/2');
    expect([code, err.length]).toEqual([2, 1]);
    expect(err[0]).toContain(
      `${victim}: shard of ${at('big.parquet')} is gone or cut; prepare that file again`,
    );
    await runWell('prepare', ...both, '-o', shards, ...small, '--job', '2/2');
  });
});
