import { cp, mkdir, open, readdir, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readKerasWeights } from '@hep/model-files';
import { temporaryFolder } from '@hep/test-support';
import { run, runWell } from './testing/command-line.ts';
import { numbersOf } from './testing/run-content.ts';

const MODEL = '8x8_c8_S2_tele';

const folder = await temporaryFolder();
const at = (...names: string[]) => join(folder, ...names);
const data = at('ok.csv');
const earlier = at('earlier');
const small = ['--epochs', '1', '--batch-size', '50'];

/** The one line of a refused command, with the folder's path taken out. */
async function refusal(...argv: string[]): Promise<string> {
  const { code, err } = await run(...argv);
  expect(code).toBe(2);
  expect(err.length).toBe(1);
  return err[0].replaceAll(`${folder}/`, '');
}

/** Names, sizes and modification times below a folder. */
async function snapshot(path: string): Promise<unknown[]> {
  const names = (await readdir(path, { recursive: true })).sort();
  return Promise.all(
    names.map(async (name) => {
      const { size, mtimeMs } = await stat(join(path, name));
      return [name, size, mtimeMs];
    }),
  );
}

async function flipByte(path: string, position: number): Promise<void> {
  const file = await open(path, 'r+');
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, position);
  await file.write(Buffer.of(buffer[0] ^ 1), 0, 1, position);
  await file.close();
}

beforeAll(async () => {
  await runWell('toy', '-o', data, '--rows', '100');
  await runWell('train', '-i', data, '-o', earlier, ...small);
});

it('is not replaced by what is made of it', async () => {
  expect(await refusal('econt', 'encode', data, '-o', data)).toMatch(/ok.csv: is an input/);
  expect(await refusal('econt', 'decode', data, '-o', data)).toMatch(/ok.csv: is an input/);
});

describe('a bad data file', () => {
  const field = (column: number, text: string) => (line: string) =>
    line
      .split(',')
      .with(column - 1, text)
      .join();

  it.each([
    ['a wrong number of columns', (line: string) => `${line},1`, '59 columns, expected 58 as in the header'],
    ['text', field(3, 'abc'), 'column 3 (CALQ_2): got "abc", expected a finite number, at least 0'],
    ['NaN', field(3, 'NaN'), 'column 3 (CALQ_2): got "NaN", expected a finite number, at least 0'],
    ['infinity', field(48, 'inf'), 'column 48 (CALQ_47): got "inf", expected a finite number, at least 0'],
    [
      'a negative charge',
      field(3, '-4'),
      'column 3 (CALQ_2): got "-4", expected a finite number, at least 0',
    ],
    ['nothing', field(1, ''), 'column 1 (CALQ_0): got nothing, expected a finite number, at least 0'],
  ])('with %s names row and column', async (_, change, message) => {
    const lines = (await readFile(data, 'utf8')).split('\n');
    const path = at('bad.csv');
    await writeFile(path, lines.with(6, change(lines[6])).join('\n'));
    const separator = message.startsWith('column') ? ', ' : ': ';
    expect(await refusal('train', '-i', path, '-o', at('new'))).toBe(
      `ecoder-trainer: bad.csv line 7${separator}${message}; correct the line or remove it`,
    );
  });

  it.each([
    ['missing.csv', null, 'missing.csv: file not found, expected a CSV file or a folder of them'],
    ['empty.csv', '', 'empty.csv: empty file, expected rows of numbers; write it anew or leave it out'],
    [
      'zero.csv',
      `${'0,'.repeat(47)}0\n${'0,'.repeat(47)}0\n`,
      'zero.csv: all 2 rows are filtered away: 2 with zero charge; expected at least one that stays, check the files or leave a cut away',
    ],
    ['few.csv', '1,2,3\n', 'few.csv: 3 columns, expected 48 charges'],
  ])('%s is refused', async (name, content, message) => {
    if (content !== null) await writeFile(at(name), content);
    expect(await refusal('train', '-i', at(name), '-o', at('new'))).toBe(`ecoder-trainer: ${message}`);
  });

  it('is refused when the cuts leave too little', async () => {
    expect(await refusal('train', '-i', data, '-o', at('new'))).toBe(
      'ecoder-trainer: option --batch-size: 500 is larger than the 80 training modules; choose at most 80, or give more data',
    );
    expect(await refusal('train', '-i', data, '-o', at('new'), '--validation-fraction', '0.001')).toBe(
      'ecoder-trainer: 100 modules leave none for validation at --validation-fraction 0.001; give more data or a larger fraction',
    );
    expect(await refusal('train', '-i', data, '-o', at('new'), '--mask-partials')).toBe(
      'ecoder-trainer: ok.csv: column ModType is missing, needed by mask-partials; leave that cut away',
    );
  });

  it('of another layout is read when --columns says where its columns are', async () => {
    const content = await readFile(data, 'utf8');
    await writeFile(at('other.csv'), content.replaceAll('CALQ_', 'ADC_'));
    const argv = ['train', '-i', at('other.csv'), '-o', at('other'), ...small];
    expect(await refusal(...argv)).toContain('other.csv: column CALQ_0 is missing');
    expect(await refusal(...argv, '--columns', 'tc_et=3')).toContain('column map: unknown column tc_et');
    expect(await refusal(...argv, '--columns', 'CALQ=ADC_,tc_eta=5')).toContain(
      'other.csv: column 5 is wanted twice',
    );
    await runWell(...argv, '--columns', 'CALQ=ADC_');
    expect(await numbersOf(at('other', MODEL))).toEqual(await numbersOf(at('earlier', MODEL)));
  });

  it('made for another number of eLinks is refused unless overridden', async () => {
    await mkdir(at('nElinks_3'));
    await cp(data, at('nElinks_3', 'data.csv'));
    const argv = ['train', '-i', at('nElinks_3', 'data.csv'), '-o', at('elinks'), ...small];
    expect(await refusal(...argv)).toBe(
      'ecoder-trainer: input nElinks_3/data.csv: its path says 3 eLinks, but --n-elinks is 5; ' +
        'use --n-elinks 3, or --override-input to train on it all the same',
    );
    await runWell(...argv, '--override-input');
  });
});

describe('a bad option', () => {
  it.each([
    [
      ['--models', '8x8_c8_S3_tele'],
      `model 8x8_c8_S3_tele is unknown; near it: ${MODEL}, 8x8_c8_pool_tele, ${MODEL}_qK`,
    ],
    [['--models', 'nom,nom'], 'option --models: nom is given twice, expected it once'],
    [['--n-elinks', '6'], 'option --n-elinks: got 6, expected a whole number, at least 2 and at most 5'],
    [['--n-elinks', '1'], 'option --n-elinks: got 1, expected a whole number, at least 2 and at most 5'],
    [
      ['--loss', 'telescop'],
      'option --loss: got "telescop", expected one of default, telescope, exact-emd, weighted-mse, maximum-mse, mse, mae, huber, msle, emd; did you mean telescope?',
    ],
    [
      ['--learning-rate', 'Infinity'],
      'option --learning-rate: got Infinity, expected a number, greater than 0',
    ],
    [['--output='], 'option --output: got an empty text, expected a value; leave the option away for none'],
    [['--config', 'none.yaml'], 'none.yaml: file not found, expected a YAML file for --config'],
  ])('%j is refused', async (flags, message) => {
    expect(await refusal('train', '-i', data, '-o', at('new'), ...flags)).toBe(`ecoder-trainer: ${message}`);
  });

  it.each([
    ['epochs: 2\nbatchsize: 3\n', 'line 2: unknown key batchsize; did you mean batch-size?'],
    ['epochs: two\n', 'line 1, key epochs: got "two", expected a whole number, at least 1'],
  ])('in YAML is refused: %j', async (yaml, message) => {
    await writeFile(at('run.yaml'), yaml);
    expect(await refusal('train', '--config', at('run.yaml'))).toBe(`ecoder-trainer: run.yaml ${message}`);
  });
});

describe('an output place', () => {
  it.each([
    [['ok.csv'], 'ok.csv: cannot be written, a file of that name is in the way; choose another name'],
    [
      ['ok.csv', 'sub'],
      'ok.csv/sub: cannot be written, a part of the path is a file, not a directory; choose another name',
    ],
  ])('%j that is a file, or below one, is refused', async (names, message) => {
    expect(await refusal('train', '-i', data, '-o', at(...names), ...small)).toBe(
      `ecoder-trainer: ${message}`,
    );
    expect(await refusal('export', join(earlier, MODEL), '-o', at(...names))).toBe(
      `ecoder-trainer: ${message}`,
    );
  });

  it('that nobody can write to is refused before the data is read', async () => {
    if (process.platform !== 'linux') return;
    const message =
      'ecoder-trainer: /proc/runs: cannot be written, the directory does not exist or was removed; create it or choose another place';
    expect(await refusal('train', '-i', at('empty.csv'), '-o', '/proc/runs')).toBe(message);
    expect(await refusal('toy', '-o', '/proc/runs')).toBe(message);
  });

  it('with an earlier run stays as it is, whatever is wrong with the new command', async () => {
    const before = await snapshot(earlier);
    await writeFile(at('empty.csv'), '');
    const taken = `ecoder-trainer: earlier/${MODEL}: holds a run already; choose another name, go on with --resume, or replace it with --force`;
    expect(await refusal('train', '-i', data, '-o', earlier, ...small)).toBe(taken);
    expect(await refusal('train', '-i', data, '-o', earlier, '--models', `nom,${MODEL}`, ...small)).toBe(
      taken,
    );
    for (const flags of [
      ['-i', at('empty.csv')],
      ['-i', data, '--batch-size', '81'],
      ['-i', data, '--models', `${MODEL},nomm`],
    ]) {
      await refusal('train', '-o', earlier, '--force', ...flags);
    }
    expect(await snapshot(earlier)).toEqual(before);
  });

  it('is replaced with --force, which is not saved for the next time', async () => {
    const output = at('replaced');
    await runWell('train', '-i', data, '-o', output, ...small);
    const before = await numbersOf(join(output, MODEL));
    await runWell('train', '-i', data, '-o', output, ...small, '--seed', '2', '--force');
    expect((await numbersOf(join(output, MODEL))).weights).not.toEqual(before.weights);
    expect(await refusal('train', '--config', join(output, 'config.yaml'))).toMatch(/holds a run already/);
  });
});

describe('weights to export', () => {
  const weights = at('weights.hdf5');
  const target = at('exported');
  const fromWeights = (path: string, model = MODEL) =>
    refusal('export', '--model', model, '--weights', path, '-o', target);

  beforeAll(() => cp(join(earlier, MODEL, 'exports', `${MODEL}.hdf5`), weights));

  it('give the same files as the run, from a checkpoint or from HDF5', async () => {
    const names = (await readdir(join(earlier, MODEL, 'exports'))).filter((name) =>
      /\.(pb|onnx|json)/.test(name),
    );
    const bytes = (path: string) => Promise.all(names.map((name) => readFile(join(path, name))));
    const original = await bytes(join(earlier, MODEL, 'exports'));
    await runWell('export', '--model', MODEL, '--weights', weights, '-o', at('from-weights'));
    expect(await bytes(at('from-weights'))).toEqual(original);
    const { out } = await runWell('export', join(earlier, MODEL), '-o', at('from-run'));
    expect(out.length).toBe(12);
    expect(await bytes(at('from-run'))).toEqual(original);
  });

  it('of another model, or missing, are refused', async () => {
    expect(await fromWeights(weights, 'dim12')).toBe(
      'ecoder-trainer: weights.hdf5: tensor encoder/conv2d/kernel has shape [3, 3, 1, 8], expected [3, 3, 3, 8]; these are the weights of another model',
    );
    expect(await fromWeights(at('none.hdf5'))).toBe(
      'ecoder-trainer: none.hdf5: cannot be opened (no such file); check the path',
    );
  });

  it('that are truncated, changed or no weights are refused', async () => {
    await cp(weights, at('short.hdf5'));
    await truncate(at('short.hdf5'), 30_000);
    expect(await fromWeights(at('short.hdf5'))).toBe(
      'ecoder-trainer: short.hdf5: truncated: 30000 bytes on disk, 38592 bytes when it was written; use another file, or write it again',
    );

    const [kernel] = (await readKerasWeights(weights)).layers.get('encoder') ?? [];
    const position = (await readFile(weights)).indexOf(Buffer.from(Float32Array.from(kernel.values).buffer));
    await cp(weights, at('flipped.hdf5'));
    await flipByte(at('flipped.hdf5'), position + 2);
    expect(await fromWeights(at('flipped.hdf5'))).toBe(
      'ecoder-trainer: flipped.hdf5: tensor encoder/conv2d/kernel differs from its stored SHA-256: the file was damaged after it was written; use another file, or write it again',
    );

    await writeFile(at('text.hdf5'), 'weights');
    expect(await fromWeights(at('text.hdf5'))).toBe(
      'ecoder-trainer: text.hdf5: not an HDF5 file; use another file, or write it again',
    );
  });
});

describe('a checkpoint', () => {
  const exported = (checkpoint: string) =>
    refusal('export', join(earlier, MODEL), '--checkpoint', checkpoint, '-o', at('exported'));
  const good = join(earlier, MODEL, 'checkpoints', 'epoch-0001.checkpoint');

  it('of another model, or missing, is refused', async () => {
    await runWell('train', '-i', data, '-o', at('other'), '--models', 'dim12', ...small);
    expect(await exported(at('other', 'dim12', 'checkpoints', 'epoch-0001.checkpoint'))).toBe(
      'ecoder-trainer: other/dim12/checkpoints/epoch-0001.checkpoint: checkpoint of another model, its model is "dim12", this run\'s is "8x8_c8_S2_tele"; use one of this model, or the options of that run',
    );
    expect(await exported(at('none.checkpoint'))).toBe(
      'ecoder-trainer: none.checkpoint: checkpoint cannot be read, no such file; check the name',
    );
  });

  it('that is truncated or changed is refused', async () => {
    await cp(good, at('short.checkpoint'));
    await truncate(at('short.checkpoint'), 20_000);
    expect(await exported(at('short.checkpoint'))).toBe(
      `ecoder-trainer: short.checkpoint: checkpoint is truncated, 20000 of ${(await stat(good)).size} bytes; use another checkpoint`,
    );
    await cp(good, at('flipped.checkpoint'));
    await flipByte(at('flipped.checkpoint'), 20_000);
    expect(await exported(at('flipped.checkpoint'))).toBe(
      'ecoder-trainer: flipped.checkpoint: checkpoint is damaged, its checksum differs; use another checkpoint',
    );
  });

  it('that is damaged gives way to the one before it', async () => {
    const output = at('damaged');
    await cp(earlier, output, { recursive: true });
    const run = join(output, MODEL);
    await flipByte(join(run, 'checkpoints', 'epoch-0001.checkpoint'), 20_000);
    const { out } = await runWell('export', run, '-o', at('untrained'));
    expect(out[0].replaceAll(`${folder}/`, '')).toBe(
      'damaged/8x8_c8_S2_tele/checkpoints/epoch-0001.checkpoint: checkpoint is damaged, its checksum differs; use another checkpoint',
    );
    await flipByte(join(run, 'checkpoints', 'epoch-0000.checkpoint'), 20_000);
    expect(await refusal('export', run, '-o', at('untrained'))).toBe(
      'ecoder-trainer: damaged/8x8_c8_S2_tele/checkpoints/epoch-0001.checkpoint: checkpoint is damaged, its checksum differs; use another checkpoint',
    );
    expect(await refusal('train', '--resume', output, '--epochs', '2')).toBe(
      'ecoder-trainer: damaged/8x8_c8_S2_tele/checkpoints/epoch-0001.checkpoint: checkpoint is damaged, its checksum differs; use another checkpoint',
    );
  });
});
