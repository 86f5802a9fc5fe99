import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readHistory } from '@hep/training';
import type { RunRecord } from '@hep/training';
import { temporaryFolder } from '@hep/test-support';
import { runWell } from './testing/command-line.ts';
import { numbersOf } from './testing/run-content.ts';

const MODEL = '8x8_c8_S2_exact_qK';
const folder = await temporaryFolder();
const at = (...names: string[]) => join(folder, ...names);
const small = ['--models', MODEL, '--batch-size', '60', '--toy-rows', '400', '--learning-rate', '0.01'];
const train = (output: string, ...flags: string[]) => runWell('train', '-o', at(output), ...small, ...flags);
const losses = async (output: string) =>
  (await readHistory(at(output, MODEL, 'history.csv'))).map(({ values }) => values['val_loss']);

describe('train on the exact EMD', () => {
  beforeAll(() => train('whole', '--epochs', '4', '--replicas', '2', '--threads', '1'));

  it('lowers the figure of merit itself', async () => {
    const all = await losses('whole');
    const record = JSON.parse(await readFile(at('whole', MODEL, 'run.json'), 'utf8')) as RunRecord & {
      readonly scores: { readonly performance: { readonly ae: { readonly EMD: { readonly mean: number } } } };
    };
    expect(all[3]).toBeLessThan(all[0]);
    expect(record.scores.performance.ae.EMD.mean).toBeCloseTo(all[3], 4);
  });

  it('is the same on both engines', async () => {
    const few = ['--toy-rows', '100', '--batch-size', '40', '--epochs', '1'];
    await train('compiled', ...few);
    await train('eager', '--engine', 'tfjs', '--tfjs-backend', 'cpu', ...few);
    expect((await losses('eager'))[0]).toBeCloseTo((await losses('compiled'))[0], 4);
  });

  it('goes on after a stop to the same numbers', async () => {
    await train('stopped', '--epochs', '2', '--replicas', '2', '--threads', '1');
    await runWell('train', '--resume', at('stopped'), '--epochs', '4');
    expect(await numbersOf(at('stopped', MODEL))).toEqual(await numbersOf(at('whole', MODEL)));
  });
});
