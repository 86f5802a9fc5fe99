import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadWafers } from '@hep/datasets';
import { ecoderModelNames } from '@hep/ecoder-models';
import { temporaryFolder } from '@hep/test-support';
import { benchmarkOptions } from './benchmark/options.ts';
import { options as convertOptions } from './commands/convert.ts';
import { options as decodeOptions } from './commands/econt/decode.ts';
import { options as encodeOptions } from './commands/econt/encode.ts';
import { options as exportOptions } from './commands/export.ts';
import { options as flopsOptions } from './commands/flops.ts';
import { options as scanOptions } from './commands/scan.ts';
import { options as toyOptions } from './commands/toy.ts';
import { emdScoreOptions, emdTrainOptions } from './emd/options.ts';
import { trainOptions } from './options.ts';
import { run, runWell } from './testing/command-line.ts';

const folder = await temporaryFolder();

describe('--help', () => {
  it('lists the commands', async () => {
    const { out } = await runWell('--help');
    for (const name of ['train', 'scan', 'export', 'toy', 'convert', 'flops', 'econt', 'benchmark']) {
      expect(out.some((line) => line.startsWith(`  ${name} `))).toBe(true);
    }
  });

  it.each([
    ['train', trainOptions],
    ['scan', scanOptions],
    ['export', exportOptions],
    ['toy', toyOptions],
    ['convert', convertOptions],
    ['flops', flopsOptions],
    ['benchmark', benchmarkOptions],
    ['econt encode', encodeOptions],
    ['econt decode', decodeOptions],
    ['emd train', emdTrainOptions],
    ['emd score', emdScoreOptions],
  ])('%s: every option with description, unit and default', async (name, { declarations }) => {
    const help = (await runWell(...name.split(' '), '--help')).out.join(' ').replace(/\s+/g, ' ');
    expect(help).toContain(`ecoder-trainer ${name} `);
    expect(declarations.length).toBeGreaterThan(0);
    for (const { flag, aliases, json, isRequired, option } of declarations) {
      const short = aliases.map((alias) => `-${alias}, `).join('');
      const unit = option.unit === undefined ? '' : ` [${option.unit}]`;
      const row = `${short}--${flag} ${option.describe}${unit} `;
      expect(help).toContain(row);
      const [traits] = help.slice(help.indexOf(row) + row.length).split(/ (?=-\w|--\w)/);
      if (isRequired) expect(traits).toContain('[required]');
      if (json.default !== undefined) expect(traits).toContain(`[default: ${shown(json.default)}]`);
    }
  });
});

const shown = (value: unknown) => (Array.isArray(value) ? value.join() || 'none' : String(value));

describe('flops', () => {
  it.each([
    ['8x8_c8_S2_tele', [2144, 6544], [2833, 32448]],
    ['8x8_c8_pool_tele', [2144, 14352], [2833, 87746]],
    ['8x8_c[8]', [8288, 26128], [9361, 100416]],
  ])('%s has the parameters and operations of the study', async (name, encoder, decoder) => {
    const { out } = await runWell('flops', name);
    const cells = (label: string) =>
      out
        .find((line) => line.startsWith(label))
        ?.slice(label.length)
        .trim()
        .split(/\s+/)
        .map(Number);
    expect(cells('encoder in total')).toEqual(encoder);
    expect(cells('decoder in total')).toEqual(decoder);
  });

  it('counts every network of the zoo', async () => {
    const { out } = await runWell('flops', ...ecoderModelNames);
    expect(out.filter((line) => line.startsWith('encoder in total')).length).toBe(ecoderModelNames.length);
  });

  it('shows the layers with their own numbers', async () => {
    const { out } = await runWell('flops', '8x8_c8_S2_tele');
    expect(out.map((line) => line.split(/\s{2,}/))).toEqual([
      ['8x8_c8_S2_tele', 'parameters', 'FLOPs'],
      ['encoder/conv2d', '80', '2432'],
      ['encoder/encoded_vector', '2064', '4112'],
      ['decoder/dense', '2176', '4224'],
      ['decoder/conv2d_transpose', '584', '18944'],
      ['decoder/conv2d_transpose_1', '73', '9280'],
      ['encoder in total', '2144', '6544'],
      ['decoder in total', '2833', '32448'],
    ]);
  });
});

describe('toy', () => {
  it('writes modules that load, the same bytes for the same seed', async () => {
    const [a, b, c] = ['a.csv', 'new/b.csv', 'c.csv'].map((name) => join(folder, name));
    const { out } = await runWell('toy', '-o', a, '--rows', '50', '--seed', '7');
    expect(out).toEqual([`50 synthetic modules in ${a}`]);
    await runWell('toy', '-o', b, '--rows', '50', '--seed', '7');
    await runWell('toy', '-o', c, '--rows', '50', '--seed', '8');
    expect((await loadWafers([a])).rows).toBe(50);
    expect(await readFile(b)).toEqual(await readFile(a));
    expect(await readFile(c)).not.toEqual(await readFile(a));
  });
});

const WHAT_TO_EXPORT =
  'export: expected a run directory, with --checkpoint if need be, or --model or --architecture with --weights; ' +
  'give one of them';

describe('a mistake on the command line', () => {
  it.each([
    [['trian'], 'unknown command "trian"; did you mean train?'],
    [['train', '--epoch', '3'], 'unknown option --epoch; did you mean --epochs?'],
    [['train', '--batchsize', '3'], 'unknown option --batchsize; did you mean --batch-size?'],
    [['flops', '--model', 'nom'], 'unknown option --model; did you mean --models?'],
    [['toy'], 'option --output is missing: expected text (CSV file to write (layout D))'],
    [
      ['train', '--optimiser', 'adma'],
      'option --optimiser: got "adma", expected one of adam, adamw, nadam, rmsprop, sgd, lion; did you mean adam?',
    ],
    [['export'], WHAT_TO_EXPORT],
    [['export', 'run', '--model', 'nom'], WHAT_TO_EXPORT],
    [['export', '--model', 'nom', '--weights', 'a', '--checkpoint', 'b'], WHAT_TO_EXPORT],
  ])('%j is told in one line', async (argv, message) => {
    expect(await run(...argv)).toEqual({ code: 2, out: [], err: [`ecoder-trainer: ${message}`] });
  });
});

describe('README', () => {
  it('shows commands that parse', async () => {
    const text = await readFile(new URL('../README.md', import.meta.url), 'utf8');
    const calls = [
      ...text.matchAll(
        /^npx (?:nx run ecoder-trainer:(train) --|ecoder-trainer ((?:econt |emd )?\w+)) ([^#\n]*)/gm,
      ),
    ];
    expect(calls.length).toBeGreaterThan(5);
    for (const [, target, name = target, rest] of calls) {
      const argv = rest.trim().replaceAll("'", '').split(/\s+/);
      const withoutFile = argv.filter((word, index) => word !== '--config' && argv[index - 1] !== '--config');
      expect(() => parsers[name as keyof typeof parsers](withoutFile)).not.toThrow();
    }
  });
});

const parsers = {
  train: (argv: string[]) => trainOptions.parse(argv),
  resume: (argv: string[]) => trainOptions.parse(argv, { positionals: ['resume'] }),
  scan: (argv: string[]) => scanOptions.parse(argv),
  export: (argv: string[]) => exportOptions.parse(argv, { positionals: ['run'] }),
  benchmark: (argv: string[]) => benchmarkOptions.parse(argv),
  'econt encode': (argv: string[]) => encodeOptions.parse(argv, { positionals: ['input'] }),
  'econt decode': (argv: string[]) => decodeOptions.parse(argv, { positionals: ['input'] }),
  'emd train': (argv: string[]) => emdTrainOptions.parse(argv),
  'emd score': (argv: string[]) => emdScoreOptions.parse(argv, { positionals: ['networks'] }),
  toy: (argv: string[]) => toyOptions.parse(argv),
  convert: (argv: string[]) => convertOptions.parse(argv, { positionals: ['input'] }),
  flops: (argv: string[]) => flopsOptions.parse(argv, { positionals: ['models'] }),
};
