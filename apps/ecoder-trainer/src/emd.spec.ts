import { readFile, readdir, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readEmdNetwork } from '@hep/emd-network';
import { describeWithFixture, fixturePath, temporaryFolder } from '@hep/test-support';
import { readHistory } from '@hep/training';
import { run, runWell } from './testing/command-line.ts';

const folder = await temporaryFolder();
const at = (...names: string[]) => join(folder, ...names);
const tiny = ['--networks', '4-3-8-1-1', '--toy-rows', '40', '--batch-size', '50'];
const NAME = '4-3-8-1-1_mse_r0';

async function refusal(...argv: string[]): Promise<string> {
  const { code, err } = await run(...argv);
  expect([code, err.length]).toEqual([2, 1]);
  return err[0].replaceAll(`${folder}/`, '');
}
const history = (...path: string[]) =>
  readHistory(at(...path, 'history.csv')).then((rows) =>
    rows.map(({ epoch, values }) => ({ epoch, values })),
  );
const tensors = async (...path: string[]) => (await readEmdNetwork(at(...path))).weights;

describe('emd train', () => {
  let lines: readonly string[];
  const options = [...tiny, '--epochs', '3', '--losses', 'mse,huber', '--repetitions', '2'];

  beforeAll(async () => {
    lines = (await runWell('emd', 'train', '-o', at('first'), ...options)).out;
  });

  it('trains every network with every loss as often as asked', async () => {
    expect(lines[0]).toBe('576 training and 256 validation pairs, synthetic (seed 1)');
    expect(
      lines.filter((line) => /r\d: relative difference .* over 240 validation pairs/.test(line)).length,
    ).toBe(4);
    const summary = (await readFile(at('first', 'summary.csv'), 'utf8')).trimEnd().split('\n');
    expect(summary[0]).toBe(
      'name,mode,filters,kernel,neurons,dense,conv,epochs,loss,repetition,mean,std,last_mean,last_std,pairs',
    );
    expect(summary.slice(1).map((line) => line.split(',').slice(0, 10).join())).toEqual([
      '4-3-8-1-1_huber_r0,pair,4,3,8,1,1,3,huber,0',
      '4-3-8-1-1_huber_r1,pair,4,3,8,1,1,3,huber,1',
      '4-3-8-1-1_mse_r0,pair,4,3,8,1,1,3,mse,0',
      '4-3-8-1-1_mse_r1,pair,4,3,8,1,1,3,mse,1',
    ]);
  });

  it('writes every file of a run', async () => {
    const rows = await history('first', NAME);
    expect(Object.keys(rows[0].values)).toEqual(
      ['loss', 'mse', 'mae', 'mape', 'msle']
        .flatMap((name) => [name, `val_${name}`])
        .sort((a, b) => Number(a.startsWith('val_')) - Number(b.startsWith('val_'))),
    );
    expect(rows[2].values['loss']).toBeLessThan(rows[0].values['loss']);
    for (const file of ['config.yaml', 'run.json', 'exports/best.json', 'exports/last.json']) {
      expect((await stat(at('first', NAME, file))).size).toBeGreaterThan(300);
    }
    const page = await readFile(at('first', NAME, 'report.html'), 'utf8');
    expect(page).toContain('EMD [sensor cells]');
    expect(Object.keys(await tensors('first', NAME, 'exports', 'best.h5')).length).toBe(14);
    expect((await readdir(at('first', NAME, 'tensorboard'))).sort()).toEqual(['train', 'validation']);
  });

  it('gives the same numbers again, also from a damaged cache and after a stop', async () => {
    const cache = at('first', 'pairs');
    const [chunk] = await readdir(cache);
    await truncate(join(cache, chunk), 100);
    const twice = [...tiny, '--cache', cache];
    const { out } = await runWell('emd', 'train', '-o', at('second'), ...twice, '--epochs', '1');
    expect(out[0].replaceAll(`${folder}/`, '')).toBe(
      `first/pairs/${chunk}: damaged; its distances are computed again`,
    );
    await runWell('emd', 'train', '--resume', at('second'), '--epochs', '3');
    expect(await history('second', NAME)).toEqual(await history('first', NAME));
    const last = ['exports', 'last.h5'];
    expect(await tensors('second', NAME, ...last)).toEqual(await tensors('first', NAME, ...last));
    const again = await runWell('emd', 'resume', at('second'));
    expect(again.out).toEqual([`${NAME}: finished already after epoch 3`]);
  });

  it('is the same on both engines', async () => {
    const epoch = ['--epochs', '1', '--engine', 'tfjs', '--tfjs-backend', 'cpu'];
    await runWell('emd', 'train', '-o', at('eager'), ...tiny, ...epoch);
    const [[onnx], [eager]] = await Promise.all([history('first', NAME), history('eager', NAME)]);
    for (const name of ['loss', 'val_loss', 'val_msle']) {
      expect(Math.abs(eager.values[name] / onnx.values[name] - 1)).toBeLessThan(1e-3);
    }
  });

  it('serves as a loss', async () => {
    const network = at('first', NAME, 'exports', 'best.h5');
    const small = ['--toy-rows', '200', '--epochs', '1', '--batch-size', '40', '--verify-rows', '-1'];
    await runWell('train', '--loss', 'emd', '--emd-network', network, '-o', at('ae'), ...small);
  });

  it.each([
    ['ae', '28 training and 12 validation pairs'],
    ['app', '600 training and 272 validation pairs'],
  ])('learns from an autoencoder: %s', async (mode, told) => {
    const decoded = at('ae', '8x8_c8_S2_tele');
    const argv = ['--mode', mode, '--decoded', decoded, '--epochs', '1', ...tiny, '--batch-size', '8'];
    const { out } = await runWell('emd', 'train', '-o', at('learnt', mode), ...argv);
    expect(out[0]).toBe(told);
    const summary = JSON.parse(await readFile(at('learnt', mode, 'summary.json'), 'utf8')) as {
      name: string;
    }[];
    expect(summary.map(({ name }) => name)).toEqual([NAME]);
  });

  it('learns from near pairs', async () => {
    const { out } = await runWell(
      'emd',
      'train',
      '-o',
      at('near'),
      '--mode',
      'threshold',
      '--epochs',
      '1',
      ...tiny,
    );
    expect(out[0]).toMatch(/^\d+ training and \d+ validation pairs, synthetic \(seed 1\)$/);
  });
});

describe('emd score', () => {
  it('scores on the same pairs as training does', async () => {
    const network = at('first', NAME, 'exports', 'best.h5');
    const { out } = await runWell('emd', 'score', network, '--toy-rows', '40', '-o', at('scores'));
    const [summary] = JSON.parse(await readFile(at('first', 'summary.json'), 'utf8')).filter(
      ({ name }: { name: string }) => name === NAME,
    );
    const [{ mean, std, pairs }] = JSON.parse(await readFile(at('scores', 'summary.json'), 'utf8'));
    expect({ mean, std, pairs }).toEqual({ mean: summary.mean, std: summary.std, pairs: summary.pairs });
    expect(out[1].replaceAll(`${folder}/`, '')).toMatch(
      /^first.*best.h5: relative difference -?\d\.\d{4} ± \d\.\d{4} over 240 pairs$/,
    );
    expect((await stat(at('scores', 'report.html'))).size).toBeGreaterThan(100_000);
  });
});

describeWithFixture(['emd-cnn', 'pair_mse.h5'], 'a published network', () => {
  it('is scored', async () => {
    const { out } = await runWell('emd', 'score', fixturePath('emd-cnn', 'pair_mse.h5'), '--toy-rows', '60');
    const [, mean, std] = /difference (\S+) ± (\S+) over/.exec(out[1])!.map(Number);
    expect(Math.abs(mean)).toBeLessThan(0.2);
    expect(std).toBeLessThan(0.5);
  });
});

describe('a bad command', () => {
  it.each([
    [
      ['--networks', '32-5-256'],
      'EMD network "32-5-256": expected filters-kernel-neurons-dense-convolutions, for example 32-5-256-1-3',
    ],
    [['--losses', 'mse,mse'], '4-3-8-1-1 with mse is asked for twice, expected it once'],
    [
      ['--mode', 'ae'],
      '--mode ae: needs what an autoencoder made of its modules; give its run directory with --decoded',
    ],
    [
      ['--decoded', 'x'],
      '--decoded x: is for the modes ae and app and without --input; leave one of them away',
    ],
    [
      ['--batch-size', '600'],
      'option --batch-size: 600 is larger than the 576 training pairs; choose at most 576, or give more data',
    ],
    [
      ['--mode', 'ae', '--decoded', at('nothing')],
      'nothing: no verify_input_calQ.csv with verify_decoded_calQ.csv there; give the run directory of an ' +
        'autoencoder, trained with --verify-rows -1',
    ],
  ])('%j is refused', async (flags, message) => {
    expect(await refusal('emd', 'train', '-o', at('bad'), ...tiny, ...flags)).toBe(
      `ecoder-trainer: ${message}`,
    );
  });

  it('with odd verification files is refused', async () => {
    const row = (value: number) => Array<number>(48).fill(value).join();
    const name = (part: string) => at(`verify_${part}_calQ.csv`);
    const refused = () => refusal('emd', 'train', '-o', at('bad'), '--mode', 'ae', '--decoded', folder);
    await writeFile(name('input'), `${row(1)}\n${row(0)}\n${row(2)}\n`);
    await writeFile(name('decoded'), `${row(1)}\n${row(1)}\n`);
    expect(await refused()).toContain('3 rows in verify_input_calQ.csv and 2 in verify_decoded_calQ.csv');
    await writeFile(name('decoded'), `${row(1)}\n${row(1)}\n${row(0)}\n`);
    expect(await refused()).toContain('1 modules with charge on both sides, expected 2 or more');
  });
});
