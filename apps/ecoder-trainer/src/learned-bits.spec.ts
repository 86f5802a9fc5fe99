import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readCheckpoint, readHistory } from '@hep/training';
import { temporaryFolder } from '@hep/test-support';
import { run, runWell } from './testing/command-line.ts';

const NAME = '8x8_c8_S2_hgq_tele';

const folder = await temporaryFolder();
const data = join(folder, 'toy.csv');
const [short, long] = [join(folder, 'short'), join(folder, 'long')];
const fast = ['--batch-size', '32', '--learning-rate', '0.01'];
const control = ['--models', NAME, ...fast, '--pareto-every', '2', '--ebops-target', '60000'];
const train = (output: string, epochs: number, ...flags: string[]) =>
  runWell('train', '-i', data, '-o', output, '--epochs', `${epochs}`, ...control, ...flags);

beforeAll(async () => {
  await runWell('toy', '-o', data, '--rows', '300');
  await train(short, 3);
});

describe('a network with learned bits', () => {
  it('ends with fewer operations than it began with, all of which it reports', async () => {
    const history = await readHistory(join(short, NAME, 'history.csv'));
    const ebops = history.map(({ values }) => values['val_ebops']);
    expect(ebops[2]).toBeLessThan(ebops[0]);
    expect(history.map(({ values }) => 'val_emd' in values)).toEqual([false, true, false]);
    const { scores } = JSON.parse(await readFile(join(short, NAME, 'run.json'), 'utf8')) as {
      scores: { ebops: number };
    };
    expect(scores.ebops).toBe(ebops[2]);
    const report = await readFile(join(short, NAME, 'report.html'), 'utf8');
    expect(report).toContain('Effective bit operations');
    expect(report).toContain('Epochs of the training and their Pareto front.');
  });

  it('lists every weight on its grid', async () => {
    const text = await readFile(join(short, NAME, 'exports', `encoder_${NAME}_bits.csv`), 'utf8');
    const [header, ...rows] = text.trimEnd().split('\n');
    expect(header).toBe('layer,tensor,element,value,bits,integer,fraction');
    const weights = rows.map((row) => row.split(',')).filter(([, tensor]) => tensor !== 'input');
    expect(weights).toHaveLength(72 + 8 + 2048 + 16);
    for (const [, , , value, bits, , fraction] of weights) {
      const code = Number(value) * 2 ** Number(fraction);
      expect(Number.isInteger(code) && Math.abs(code) < 2 ** Number(bits)).toBe(true);
    }
    const { ebops } = JSON.parse(
      await readFile(join(short, NAME, 'exports', `encoder_${NAME}_bits.json`), 'utf8'),
    ) as { ebops: { layer: string }[] };
    expect(ebops.map(({ layer }) => layer)).toEqual(['conv2d_0_m', 'encoded_vector']);
  });

  it('goes on to the numbers of an uninterrupted training, control and Pareto front included', async () => {
    await runWell('train', '--resume', short, '--epochs', '6');
    await train(long, 6);
    const numbers = async (output: string) => {
      const at = (...names: string[]) => join(output, NAME, ...names);
      const rows = await readHistory(at('history.csv'));
      const { state, loop } = await readCheckpoint(at('checkpoints', 'epoch-0006.checkpoint'));
      return {
        history: rows.map(({ values }) => values),
        state,
        callbacks: loop.callbacks,
        front: await readFile(at('pareto', 'front.csv'), 'utf8'),
        graph: await readFile(at('exports', `encoder_${NAME}.onnx`)),
      };
    };
    const [resumed, whole] = [await numbers(short), await numbers(long)];
    expect(resumed).toEqual(whole);
    expect(new Set(whole.history.map(({ beta }) => beta)).size).toBeGreaterThan(3);
  });

  it('exports an epoch of the Pareto front', async () => {
    const pareto = join(long, NAME, 'pareto');
    const [checkpoint] = (await readdir(pareto)).filter((file) => file.endsWith('.checkpoint'));
    const exported = join(folder, 'front');
    await runWell('export', join(long, NAME), '--checkpoint', join(pareto, checkpoint), '-o', exported);
    expect(await readdir(exported)).toContain(`encoder_${NAME}.pb`);
  });

  it('is written for QKeras where one format holds each tensor, else a line says why not', async () => {
    const price = ['--epochs', '6', ...fast, '--beta', '1e-4', '--pareto-every', '0'];
    const common = ['-i', data, '--models', NAME, ...price];
    const own = await runWell('train', ...common, '--activation-bits', 'element', '-o', join(folder, 'own'));
    expect(own.out).toContain(
      `${NAME}: no QKeras file: the input of conv2d_0_m has no format of QKeras, its elements have bits of their own`,
    );
    const files = await readdir(join(folder, 'own', NAME, 'exports'));
    expect(files.filter((file) => file.endsWith('.hdf5'))).toEqual([`decoder_${NAME}.hdf5`]);
    await runWell('train', ...common, '-o', join(folder, 'one'));
    const json = await readFile(join(folder, 'one', NAME, 'exports', `encoder_${NAME}.json`), 'utf8');
    expect(json).toContain('"QConv2D"');
  });
});

describe('mistakes', () => {
  it.each([
    [['--ebops-target', '0'], 'option --ebops-target: got 0, expected'],
    [['--ebops-target', '-5'], 'option --ebops-target: got -5, expected'],
    [['--beta', '-1e-7'], 'option --beta: "0:-1e-7:constant" is no point of a schedule'],
    [
      ['--beta', '0:1e-7:cubic'],
      'option --beta: "0:1e-7:cubic" is no point of a schedule; expected a number',
    ],
    [['--beta', '9:1,3:2'], 'option --beta: epoch 3 comes after 9, expected them in ascending order'],
    [
      ['--ebops-target', '9', '--beta', '0:1,3:2'],
      'option --beta: with --ebops-target it is where the search begins, expected one positive number',
    ],
    [['--restore-best'], `option --restore-best: ${NAME} trades loss for bits until its last epoch`],
    [['--beta', '1e-7', '--models', 'nom_qK'], 'option --beta: no network with learned bits is chosen'],
    [['--models', 'nom', '--ebops-target', '9'], 'option --ebops-target: no network with learned bits'],
    [['--granularity', 'row'], 'option --granularity: got "row", expected one of element, channel, tensor'],
  ])('%j is told in one line', async (flags, message) => {
    const { code, err } = await run(
      'train',
      '-i',
      data,
      '-o',
      join(folder, 'x'),
      ...flags,
      ...(flags.includes('--models') ? [] : ['--models', NAME]),
    );
    expect([code, err.length]).toEqual([2, 1]);
    expect(err[0]).toContain(`ecoder-trainer: ${message}`);
  });
});
