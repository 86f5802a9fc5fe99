import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeColumns } from '@hep/datasets/columns';
import { generateToyJets, jetTable } from '@hep/jet-compression';
import { bundledProgram, start, temporaryFolder } from '@hep/test-support';
import { readHistory } from '@hep/training';
import { timelessHistory, trainWholeAndTorn } from '@hep/training/testing';
import { run } from './testing/command-line.ts';

const KILLS = 4;

const folder = await temporaryFolder();
const program = bundledProgram();
const node = process.execPath;
const NETWORK = 'AE_3D_100_bn_drop';
const flags = (output: string) => [
  ...['train', '-o', output, '--toy-rows', '3000', '--copies', '2', '--epochs', '30'],
  ...['--network', NETWORK, '--dropout', '0.02', '--model', 'vae', '--replicas', '1', '--threads', '1'],
  ...['--checkpoint-minutes', '0.0005'],
];

const numbersOf = async (run: string) => ({
  history: await timelessHistory(run),
  encoder: await readFile(join(run, 'exports', `encoder_${NETWORK}.onnx`)),
});

it('a killed training of a variational autoencoder ends as an uninterrupted one', async () => {
  const [whole, torn] = [join(folder, 'whole'), join(folder, 'torn')];
  const { kills } = await trainWholeAndTorn({
    ...{ program, whole, torn, kills: KILLS, seed: 1 },
    train: flags,
    resume: (output) => ['train', '--resume', output],
    delay: (times) => [0, (times.at(-3)! - times[0]) / 3],
  });
  expect(kills).toBe(KILLS);
  expect(await numbersOf(torn)).toEqual(await numbersOf(whole));
}, 300_000);

/** Peak memory of a command, in MB, as the process itself tells it at its end. */
async function peakOf(...argv: string[]): Promise<number> {
  const told = join(folder, 'told.mjs');
  await writeFile(
    told,
    "process.on('exit', () => process.stderr.write(`peak ${process.resourceUsage().maxRSS / 1024}\\n`));",
  );
  const { code, err } = await start(node, ['--import', told, program, ...argv]);
  const peak = /peak (\S+)/.exec(err);
  if (code !== 0 || peak === null) throw new Error(err);
  return Number(peak[1]);
}

it('encode and decode of fifty times the jets take hardly more memory', async () => {
  const at = (name: string) => join(folder, name);
  const model = ['-m', at('memory')];
  const network = ['--network', 'AE_3D_small_v2', '--epochs', '1', '--toy-rows', '500', '--replicas', '1'];
  expect((await run('train', '-o', at('memory'), ...network)).code).toBe(0);
  const table = jetTable(generateToyJets({ rows: 60_000, seed: 1 }));
  await writeColumns(at('few.parquet'), [table]);
  await writeColumns(
    at('many.parquet'),
    Array.from({ length: 50 }, () => table),
  );
  const peaks: Record<string, number> = {};
  for (const name of ['few', 'many']) {
    const [packed, input, back] = [at(`${name}.jets`), at(`${name}.parquet`), at(`${name}-back.parquet`)];
    peaks[`${name} encode`] = await peakOf('encode', ...model, '-i', input, '-o', packed, '--threads', '1');
    peaks[`${name} decode`] = await peakOf('decode', ...model, '-i', packed, '-o', back, '--threads', '1');
  }
  // Three million jets are 96 MB as doubles, 48 MB as they are read, 48 MB normalised, 36 MB as latent vectors.
  expect(peaks['many encode']).toBeLessThan(peaks['few encode'] + 175);
  expect(peaks['many decode']).toBeLessThan(peaks['few decode'] + 175);
}, 900_000);

it('a resumed run refuses another network and takes more epochs', async () => {
  const path = join(folder, 'small');
  const small = [
    ...['--toy-rows', '500', '--network', 'AE_3D_small_v2', '--replicas', '1'],
    ...['--schedule', 'constant'],
  ];
  expect((await run('train', '-o', path, '--epochs', '2', ...small)).code).toBe(0);
  const other = await run('train', '--resume', path, '--network', 'AE_3D_50');
  expect([other.code, other.err.length]).toEqual([2, 1]);
  expect(other.err[0]).toContain('--network AE_3D_50');
  expect((await run('train', '--resume', path, '--epochs', '3')).code).toBe(0);
  expect((await readHistory(join(path, 'history.csv'))).length).toBe(3);
});
