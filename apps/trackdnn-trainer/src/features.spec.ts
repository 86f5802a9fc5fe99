import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { OnnxRunner } from '@hep/engine';
import { readFrozenGraph } from '@hep/model-files';
import { temporaryFolder } from '@hep/test-support';
import { run, runWell } from './testing/command-line.ts';

const folder = await temporaryFolder();
const at = (name: string) => join(folder, name);
const QUICK = [
  ...['--toy-rows', '8000', '--epochs', '1', '--batch-size', '64', '--hidden-units', '8'],
  ...['--replicas', '1', '--threads', '1'],
];

/** A configuration of features and the command line that reads it. */
async function config(name: string, features: string): Promise<string[]> {
  await writeFile(at(name), `features:\n${features}`);
  return ['--config', at(name)];
}

const three = await config(
  'three.yaml',
  '  - { name: trk_nCluster }\n  - { name: trk_nChi2, log1p: true }\n  - { name: trk_dz, abs: true, log1p: true }\n',
);

it('a list of features of its own goes from the configuration to every file of the run', async () => {
  const path = at('three');
  await runWell('train', '-o', path, ...QUICK, ...three);
  const inputs = JSON.parse(await readFile(join(path, 'exports', 'inputs.json'), 'utf8'));
  expect(inputs.x.map(({ name, abs, log1p }: Record<string, unknown>) => [name, abs, log1p])).toEqual([
    ['trk_nCluster', false, false],
    ['trk_nChi2', false, true],
    ['trk_dz', true, true],
  ]);
  expect(inputs.x.every((x: { minimum: number; maximum: number }) => x.maximum > x.minimum)).toBe(true);
  const graph = await readFrozenGraph(join(path, 'exports', 'frozen_graph.pb'));
  const runner = new OnnxRunner();
  const { Identity } = await runner.run((operands) => graph.run(operands), {
    x: { shape: [1, 3], values: [12, 1, 0.1] },
    y: { shape: [1, 1], values: [4] },
  });
  await runner.close();
  expect(Identity.values[0]).toBeGreaterThan(0);
  const report = await readFile(join(path, 'report.html'), 'utf8');
  expect(report).toContain('>Inputs</h2>');
  expect(report).toContain('trk_nCluster');
  expect(report).not.toContain('trk_inner_px');
});

it('a changed list is refused when a run is gone on with', async () => {
  const swapped = await config(
    'swapped.yaml',
    '  - { name: trk_nChi2, log1p: true }\n  - { name: trk_nCluster }\n  - { name: trk_dz, abs: true, log1p: true }\n',
  );
  const { code, err } = await run('resume', at('three'), ...QUICK, ...swapped, '--epochs', '2');
  expect([code, err.length]).toEqual([2, 1]);
  expect(err[0]).toContain('--features entry 1 {"name":"trk_nChi2","abs":false,"log1p":true}: the run at');
  await runWell('resume', at('three'), '--epochs', '2');
});

it('shards are made for one list', async () => {
  await runWell('toy', '-o', at('toy.parquet'), '--tracks', '8000');
  await runWell('prepare', '-i', at('toy.parquet'), '-o', at('shards'), ...three);
  const shards = ['--shards', at('shards'), '--epochs', '1', '--batch-size', '64', '--hidden-units', '8'];
  const { code, err } = await run('train', '-o', at('refused'), ...shards);
  expect([code, err.length]).toEqual([2, 1]);
  expect(err[0]).toContain('input 0 is trk_nCluster, expected trk_pt abs log1p by --features; give the list');
  expect(existsSync(at('refused'))).toBe(false);
  await runWell('train', '-o', at('from-shards'), ...shards, ...three);
});

it.each([
  ['  - { name: trk_pt }\n  - { name: trk_pt, abs: true }\n', 'expected each name once'],
  ['  - { name: trk_isTrue }\n', 'entry 1: name: got "trk_isTrue", expected a variable that tells nothing'],
  ['  - { name: trk_pt, log: true }\n', 'entry 1: unknown key log; did you mean log1p?'],
  ['  - trk_pt\n', 'entry 1: got "trk_pt", expected a mapping with the keys name, abs, log1p'],
  ['  []\n', 'key features: got []'],
  ['  - { name: trk_nPixels }\n', '1 of 4 branches missing: trk_nPixels (did you mean trk_nPixel?)'],
])('refuses %j', async (features, message) => {
  const { code, err } = await run(
    'train',
    '-o',
    at('bad'),
    ...QUICK,
    ...(await config('bad.yaml', features)),
  );
  expect([code, err.length]).toEqual([2, 1]);
  expect(err[0]).toContain(message);
  expect(existsSync(at('bad'))).toBe(false);
});

it('a variable that never varies is told and read as -1', async () => {
  await runWell('toy', '-o', at('constant.csv'), '--tracks', '8000');
  const [head, ...lines] = (await readFile(at('constant.csv'), 'utf8')).trimEnd().split('\n');
  const column = head.split(',').indexOf('trk_nInnerInactive');
  const constant = lines.map((line) => line.split(',').with(column, '3').join(','));
  await writeFile(at('constant.csv'), [head, ...constant].join('\n'));
  const { out } = await runWell('train', '-o', at('constant'), ...QUICK, '-i', at('constant.csv'));
  expect(out).toContain('never varied, read as -1: trk_nInnerInactive');
});
