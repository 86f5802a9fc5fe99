import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readHistory } from '@hep/training';
import { temporaryFolder } from '@hep/test-support';
import { run, runWell } from './testing/command-line.ts';
import { numbersOf } from './testing/run-content.ts';

const MODELS = ['8x8_c8_S2_tele', 'dim12'];

const folder = await temporaryFolder();
const at = (...names: string[]) => join(folder, ...names);
const data = at('toy.csv');
const [short, long] = [at('short'), at('long')];
const train = (output: string, epochs: number, ...flags: string[]) =>
  runWell('train', '-i', data, '-o', output, '--epochs', String(epochs), '--batch-size', '64', ...flags);
const numbers = (output: string) => Promise.all(MODELS.map((name) => numbersOf(join(output, name))));
const resume = (path: string, ...flags: string[]) => run('train', '--resume', path, ...flags);
const refused = (message: string) => ({ code: 2, out: [], err: [`ecoder-trainer: ${message}`] });

async function copyOf(output: string, name: string): Promise<string> {
  await cp(output, at(name), { recursive: true });
  return at(name);
}

beforeAll(async () => {
  await runWell('toy', '-o', data, '--rows', '400');
  await train(short, 2, '--models', MODELS.join());
  await train(long, 4, '--models', MODELS.join());
});

describe('resume', () => {
  it('goes on with more epochs to the numbers of an uninterrupted training', async () => {
    const output = await copyOf(short, 'more');
    const { code, out } = await resume(output, '--epochs', '4');
    expect(code).toBe(0);
    expect(out).toContain('going on after epoch 2 of 4');
    expect(await numbers(output)).toEqual(await numbers(long));
    expect(await readFile(join(output, 'summary.csv'), 'utf8')).toBe(
      await readFile(join(long, 'summary.csv'), 'utf8'),
    );
    const saved = await readFile(join(output, 'config.yaml'), 'utf8');
    expect(saved).toContain('epochs: 4');
    expect((await resume(output)).out).toEqual(
      MODELS.map((name) => `${name}: finished already after epoch 4`),
    );
  });

  it('of one network leaves the others as they are', async () => {
    const output = await copyOf(short, 'one');
    expect((await resume(join(output, MODELS[1]), '--epochs', '4')).code).toBe(0);
    const [first, second] = await numbers(output);
    expect(first).toEqual((await numbers(short))[0]);
    expect(second).toEqual((await numbers(long))[1]);
    const summary: { name: string }[] = JSON.parse(await readFile(join(output, 'summary.json'), 'utf8'));
    expect(summary.map(({ name }) => name)).toEqual([MODELS[1], MODELS[0]]);
    expect((await resume(output)).out).toEqual([
      `${MODELS[0]}: finished already after epoch 2`,
      `${MODELS[1]}: finished already after epoch 4`,
    ]);
  });

  it('of a finished command changes nothing', async () => {
    const output = await copyOf(short, 'again');
    const files = [
      ...MODELS.map((name) => join(name, 'run.json')),
      'config.yaml',
      'summary.csv',
      'summary.json',
    ];
    const content = () => Promise.all(files.map((file) => readFile(join(output, file), 'utf8')));
    const [before, numbersBefore] = [await content(), await numbers(output)];
    expect(await resume(output)).toMatchObject({ code: 0, err: [] });
    expect(await content()).toEqual(before);
    expect(await numbers(output)).toEqual(numbersBefore);
  });

  it('writes the exports of a run that was killed before them', async () => {
    const output = await copyOf(short, 'trained');
    const record = join(output, MODELS[1], 'run.json');
    await writeFile(record, (await readFile(record, 'utf8')).replace('"finished"', '"trained"'));
    await Promise.all(
      [join(MODELS[1], 'exports'), join(MODELS[1], 'report.html'), 'summary.csv'].map((name) =>
        rm(join(output, name), { recursive: true }),
      ),
    );
    expect((await resume(output)).code).toBe(0);
    expect(await numbers(output)).toEqual(await numbers(short));
    expect(await readFile(join(output, 'summary.csv'), 'utf8')).toContain(MODELS[1]);
  });

  it('begins networks that the earlier command did not come to', async () => {
    const output = await copyOf(short, 'begun');
    await rm(join(output, MODELS[1]), { recursive: true });
    expect((await resume(output)).code).toBe(0);
    expect(await numbers(output)).toEqual(await numbers(short));
  });

  it('takes moved input files, refuses changed ones', async () => {
    const output = await copyOf(short, 'moved');
    await cp(data, at('moved.csv'));
    expect((await resume(output, '-i', at('moved.csv'), '--epochs', '3')).code).toBe(0);
    await writeFile(at('moved.csv'), (await readFile(data, 'utf8')).replace(/\n\d/, '\n7'));
    const { code, err } = await resume(output, '--epochs', '4');
    expect(code).toBe(2);
    expect(err[0].replaceAll(`${folder}/`, '')).toMatch(
      /^ecoder-trainer: moved.csv: content differs from toy.csv that the run began with \(sha256 .{12} instead of .{12}\); resume with the same file or start a new run$/,
    );
  });

  it.each([
    [['--seed', '2'], '--seed 2: the run at RUN has 1; leave the option away, or start a new run'],
    [
      ['--batch-size', '32'],
      '--batch-size 32: the run at RUN has 64; leave the option away, or start a new run',
    ],
    [
      ['--models', 'nom'],
      `--models nom: the run at RUN has ${MODELS.join()}; leave the option away, or start a new run`,
    ],
    [
      ['--optimiser', 'sgd'],
      '--optimiser sgd: the run at RUN has adam; leave the option away, or start a new run',
    ],
    [
      ['-o', 'elsewhere'],
      '--output elsewhere: the run at RUN has RUN; leave the option away, or start a new run',
    ],
  ])('refuses %j', async (flags, message) => {
    expect(await resume(short, ...flags)).toEqual(refused(message.replaceAll('RUN', short)));
  });

  it('refuses folders without a run', async () => {
    expect(await resume(at('nowhere'))).toEqual(
      refused(
        `--resume ${at('nowhere')}: no run there (config.yaml is missing); give the --output of an earlier run`,
      ),
    );
    const renamed = at('renamed');
    await cp(join(short, MODELS[0]), renamed, { recursive: true });
    expect(await resume(renamed)).toEqual(
      refused(
        `--resume ${renamed}: a run of ${MODELS[0]} in a folder named renamed; give the folder its old name`,
      ),
    );
  });
});

describe('a loss that is not finite', () => {
  it('ends the run with the batch and the last good checkpoint, from which a smaller rate goes on', async () => {
    const output = at('diverged');
    const { code, err } = await run(
      ...[
        'train',
        '-i',
        data,
        '-o',
        output,
        '--epochs',
        '2',
        '--batch-size',
        '64',
        '--learning-rate',
        '1e30',
      ],
    );
    const checkpoint = join(output, MODELS[0], 'checkpoints', 'epoch-0000.checkpoint');
    expect({ code, err }).toEqual({
      code: 1,
      err: [
        `ecoder-trainer: epoch 1, batch 2 of 5: loss is NaN; the last good checkpoint is ${checkpoint}; ` +
          'lower the learning rate, clip the gradients or check the input',
      ],
    });
    expect((await resume(output, '--learning-rate', '0.001')).code).toBe(0);
    expect((await firstNumbers(output)).weights).toEqual((await firstNumbers(short)).weights);
  });
});

const firstNumbers = (output: string) => numbersOf(join(output, MODELS[0]));

describe('the best epoch', () => {
  it('is what a run exports with --restore-best, then and later', async () => {
    const output = at('best');
    const flags = ['--restore-best', '--learning-rate', '0.02', '--schedule', 'exponential'];
    await train(output, 12, ...flags, '--seed', '4');
    const rows = await readHistory(join(output, MODELS[0], 'history.csv'));
    const losses = rows.map(({ values }) => values['val_loss']);
    const record = JSON.parse(await readFile(join(output, MODELS[0], 'run.json'), 'utf8'));
    expect(record.result.bestEpoch).toBe(losses.indexOf(Math.min(...losses)) + 1);
    expect(record.result.bestEpoch).toBeLessThan(12);
    await runWell('export', join(output, MODELS[0]), '-o', at('best-again'));
    const file = `encoder_${MODELS[0]}.onnx`;
    expect(await readFile(at('best-again', file))).toEqual(
      await readFile(join(output, MODELS[0], 'exports', file)),
    );
  });
});
