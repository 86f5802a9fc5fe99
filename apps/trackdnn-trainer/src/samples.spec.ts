import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '@hep/test-support';
import { listSampleFiles, openTrackShards, tracksOfSamples } from '@hep/track-samples';
import { trainOptions } from './options.ts';
import { loadSamples } from './samples.ts';
import { run, runWell } from './testing/command-line.ts';

const folder = await temporaryFolder();
const at = (name: string) => join(folder, name);
const inputs = ['-i', `qcd=${at('qcd*.parquet')}`, '-i', `zee=${at('zee.parquet')}`];
const shards = ['--shards', at('shards')];
const sizes = ['--sample-tracks', 'zee=9000', '--sample-test-tracks', 'qcd=300'];

beforeAll(async () => {
  const toy = ['--nested', '--seed', '4'];
  await runWell('toy', '-o', at('qcd.parquet'), '--tracks', '9000', '--files', '2', ...toy);
  await runWell('toy', '-o', at('zee.parquet'), '--tracks', '4000', '--first-event', '20000', ...toy);
  await runWell('prepare', ...inputs, '-o', at('shards'), '--shard-tracks', '1000', '--threads', '2');
});

/** What is loaded with these options. */
async function loaded(...flags: string[]) {
  const options = trainOptions.parse(flags);
  return loadSamples(options, await listSampleFiles(options.input));
}

const testTracks = ({ testSamples }: Awaited<ReturnType<typeof loaded>>) =>
  Object.fromEntries(testSamples.map(({ name, rows }) => [name, rows.length]));

it.each([
  ['files', inputs],
  ['shards', shards],
])('samples of %s train with the tracks that are wanted of each', async (_, source) => {
  const present = tracksOfSamples(await openTrackShards(at('shards')));
  const [qcd, zee] = [present.get('qcd')!, present.get('zee')!];
  const plain = [...source, '--no-balance-iterations'];
  const all = await loaded(...plain);
  expect([all.training.rows, all.validation.rows]).toEqual([
    qcd.train + zee.train,
    qcd.validation + zee.validation,
  ]);
  expect(testTracks(all)).toEqual({ qcd: qcd.test, zee: zee.test });
  const mixed = await loaded(...plain, ...sizes);
  expect(mixed.training.rows).toBe(qcd.train + 9000);
  const share = zee.train / 9000;
  expect(mixed.validation.rows).toBe(Math.round(share * qcd.validation) + zee.validation);
  expect(testTracks(mixed)).toEqual({ qcd: 300, zee: zee.test });
});

it('files and shards give the same samples', async () => {
  const numbers = async (source: readonly string[]) => {
    const { training, validation, test, testSamples } = await loaded(...source, '--no-balance-iterations');
    return [training.rows, validation.rows, test.rows, testSamples.map(({ rows }) => rows.length)];
  };
  expect(await numbers(shards)).toEqual(await numbers(inputs));
});

it('classes of shards are balanced with exact counts, nothing lost', async () => {
  const { training } = await loaded(...shards, '--no-balance-iterations');
  const { training: even } = await loaded(...shards, '--no-balance-iterations', '--balance-classes');
  expect(even.rows).toBeGreaterThan(training.rows);
  expect(even.rows % 2).toBe(0);
});

it('sizes of other samples, files of two samples and sizes given twice are refused', async () => {
  const refused = async (...flags: string[]) => {
    const { code, err } = await run('train', '-o', at('x'), ...flags);
    expect([code, err.length]).toEqual([2, 1]);
    return err[0];
  };
  expect(await refused(...inputs, '--sample-tracks', 'zeee=5')).toContain(
    'sample zeee: no files of it, expected one of qcd, zee; did you mean zee?',
  );
  expect(await refused(...shards, '--sample-test-tracks', 'all=5')).toContain(
    'sample all: no files of it, expected one of qcd, zee',
  );
  expect(await refused(...inputs, '-i', `other=${at('zee.parquet')}`)).toContain(
    'zee.parquet: in samples zee and other; expected each file in one',
  );
  expect(await refused(...inputs, '--sample-tracks', 'zee=5,zee=6')).toContain(
    'option --sample-tracks: zee stands twice, expected it once',
  );
  expect(await refused(...inputs, '--sample-tracks', 'zee=many')).toContain('--sample-tracks');
  expect(await refused('-i', 'zee=none.root')).toContain('zee=none.root: no such file');
});

it('the report, the record and the output tell of each sample', async () => {
  const path = at('run');
  const quick = ['--epochs', '1', '--batch-size', '256', '--hidden-units', '16', '--replicas', '1'];
  const { out } = await runWell('train', '-o', path, ...shards, ...quick, '--threads', '1', ...sizes);
  expect(out.some((line) => /^sample zee: AUC 0\.\d+, trk_mva 0\.\d+$/.test(line))).toBe(true);
  const record = JSON.parse(await readFile(join(path, 'run.json'), 'utf8'));
  const [qcd] = record.scores.samples;
  expect([qcd.name, qcd.iterations[0].trueTracks + qcd.iterations[0].fakes]).toEqual(['qcd', 300]);
  const report = await readFile(join(path, 'report.html'), 'utf8');
  for (const name of ['qcd', 'zee']) expect(report).toContain(`>${name}: ROC curves</h2>`);
});
