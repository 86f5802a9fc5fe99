import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { z } from 'zod';
import {
  command,
  defineOptions,
  editDistance,
  nearestName,
  option,
  runCli,
  RunFailure,
  UserError,
} from './index.ts';

const options = defineOptions({
  inputs: option({ schema: z.array(z.string()).min(1), describe: 'csv files', alias: 'i', group: 'Data' }),
  epochs: option({ schema: z.int().min(1).default(200), describe: 'most epochs', group: 'Training' }),
  learningRate: option({
    schema: z.number().gt(0).lt(1).default(1e-3),
    describe: 'step size',
    group: 'Training',
  }),
  threshold: option({
    schema: z.number().default(1.35),
    describe: 'charge cut',
    unit: 'MIP_T',
    group: 'Data',
  }),
  shuffle: option({ schema: z.boolean().default(true), describe: 'shuffle the rows' }),
  models: option({ schema: z.array(z.enum(['tele', 'qK', 'wMSE'])).default(['tele']), describe: 'networks' }),
  maxRows: option({
    flag: 'max-rows',
    schema: z.union([z.int(), z.literal('all')]).default('all'),
    describe: 'rows',
  }),
  output: option({ schema: z.string().optional(), describe: 'folder', alias: 'o' }),
  even: option({
    schema: z
      .int()
      .refine((value) => value % 2 === 0, 'an even number')
      .default(2),
    describe: 'pairs',
  }),
});

const folder = mkdtempSync(join(tmpdir(), 'hep-options-'));
afterAll(() => rmSync(folder, { recursive: true }));

function yamlFile(text: string): string {
  const path = join(folder, 'run.yaml');
  writeFileSync(path, text);
  return path;
}

const message = (argv: string[]) => {
  try {
    options.parse(argv, { positionals: ['inputs'] });
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
    return (error as Error).message.replaceAll(`${folder}/`, '');
  }
  return 'no error';
};

describe('parse', () => {
  it('takes the default, then the YAML file, then the flag', () => {
    const config = yamlFile('epochs: 7\nthreshold: 2\nmodels: tele, qK\ninputs: [a.csv]\n');
    const resolved = options.parse(['--config', config, '--epochs', '9', '-o', 'out']);
    expect(options.parse(['-c', config, '--epochs', '9', '-o', 'out'])).toEqual(resolved);
    expect(resolved).toEqual({
      inputs: ['a.csv'],
      epochs: 9,
      learningRate: 1e-3,
      threshold: 2,
      shuffle: true,
      models: ['tele', 'qK'],
      maxRows: 'all',
      output: 'out',
      even: 2,
    });
  });

  it.each([
    [['-i', 'a', '--no-shuffle'], { inputs: ['a'], shuffle: false }],
    [['-i', 'a', '--shuffle=false'], { shuffle: false }],
    [['a', 'b'], { inputs: ['a', 'b'] }],
    [['-i', 'a,b', '--inputs', 'c'], { inputs: ['a', 'b', 'c'] }],
    [['-i', 'a,c[8,4,2]_k[5,5],b'], { inputs: ['a', 'c[8,4,2]_k[5,5]', 'b'] }],
    [['a', '--threshold', '-1.5e1'], { threshold: -15 }],
    [['a', '--max-rows=-3'], { maxRows: -3 }],
    [['a', '--max-rows', 'all'], { maxRows: 'all' }],
    [['a', '--epochs', '3', '--epochs', '4'], { epochs: 4 }],
    [['--', '--odd-name.csv'], { inputs: ['--odd-name.csv'] }],
  ])('reads %j', (argv, expected) => {
    expect(options.parse(argv, { positionals: ['inputs'] })).toMatchObject(expected);
  });

  it.each([
    [['a', '--epoch', '5'], 'unknown option --epoch; did you mean --epochs?'],
    [['a', '--no-shufle'], 'unknown option --no-shufle; did you mean --shuffle?'],
    [['a', '--zzz=1'], 'unknown option --zzz; --help lists all options'],
    [['a', '--epochs', 'ten'], 'option --epochs: got "ten", expected a whole number, at least 1'],
    [['a', '--epochs', '0'], 'option --epochs: got 0, expected a whole number, at least 1'],
    [['a', '--epochs', '1.5'], 'option --epochs: got 1.5, expected a whole number, at least 1'],
    [['a', '--epochs'], 'option --epochs: a value is missing'],
    [['a', '--epochs', '--shuffle'], 'option --epochs: a value is missing'],
    [['a', '--shuffle=yes'], 'option --shuffle: got "yes", expected true or false'],
    [
      ['a', '--learning-rate', '2'],
      'option --learning-rate: got 2, expected a number, greater than 0 and less than 1',
    ],
    [
      ['a', '--models', 'tele,qk'],
      'option --models: got "qk", expected one of tele, qK, wMSE; did you mean qK?',
    ],
    [['a', '--even', '3'], 'option --even: got 3, expected an even number'],
    [['a', '--max-rows', 'some'], 'option --max-rows: got "some", expected a whole number or "all"'],
    [['a', '-i', 'b'], 'option --inputs: given twice, as a flag and as argument "a"'],
    [[], 'option --inputs is missing: expected a list, each text (csv files)'],
  ])('refuses %j', (argv, expected) => {
    expect(message(argv)).toBe(expected);
  });

  it.each([
    ['epoch: 5', 'run.yaml line 1: unknown key epoch; did you mean epochs?'],
    ['epochs: 5\nnonsense: 1', 'run.yaml line 2: unknown key nonsense'],
    [
      'shuffle: true\nepochs: many',
      'run.yaml line 2, key epochs: got "many", expected a whole number, at least 1',
    ],
    ['- 1', 'run.yaml: expected a mapping of option names to values'],
    ['epochs: 1\nepochs: 2', 'run.yaml line 2: not valid YAML (Map keys must be unique)'],
  ])('refuses the YAML file %j', (text, expected) => {
    expect(message(['a', '--config', yamlFile(text)])).toBe(expected);
  });

  it('reads underscores in names, not in values, as dashes', () => {
    const path = yamlFile('max_rows: 4\nlearning-rate: 0.5\n');
    const found = options.parse(['-i', 'a_b', '--config', path, '--learning_rate=0.25']);
    expect(found).toMatchObject({ inputs: ['a_b'], maxRows: 4, learningRate: 0.25 });
    expect(() => options.parse(['-i', 'a', '--config', yamlFile('max_rows: 4\nmax-rows: 5\n')])).toThrow(
      /line 2: key max-rows is given twice/,
    );
  });

  it('takes a key without value for one that is not given, within lists, too', () => {
    const { epochs } = options.parse(['a', '-c', yamlFile('epochs:\nmax_rows: null\n')], {
      positionals: ['inputs'],
    });
    expect(epochs).toBe(200);
    const mapping = z.strictObject({ file: z.string(), mass: z.number().optional() });
    const lists = defineOptions({ inputs: option({ schema: z.array(mapping), describe: 'files' }) });
    expect(lists.fromYaml('inputs: [{ file: a, mass: null }]', 'run.yaml')).toEqual({
      inputs: [{ file: 'a' }],
    });
  });

  it.each([
    ['[{ file: a, kind: sgi }]', 'entry 1: kind: got "sgi", expected one of sig, qcd; did you mean sig?'],
    ['[{ file: a, kind: sig }, { kind: sig }]', 'entry 2: file: is missing, expected text'],
    ['[{ file: a, kind: sig, mas: 1 }]', 'entry 1: unknown key mas; did you mean mass?'],
    ['[a]', 'entry 1: got "a", expected a mapping with the keys file, kind, mass'],
    ['{ file: a }', 'got {"file":"a"}, expected a list, each a mapping with the keys file, kind, mass'],
  ])('finds the mistake in a list of mappings: %s', (text, expected) => {
    const mapping = z.strictObject({
      file: z.string(),
      kind: z.enum(['sig', 'qcd']),
      mass: z.number().optional(),
    });
    const lists = defineOptions({ inputs: option({ schema: z.array(mapping), describe: 'files' }) });
    expect(() => lists.fromYaml(`inputs: ${text}`, 'run.yaml')).toThrow(
      `run.yaml line 1, key inputs: ${expected}`,
    );
  });

  it('names a missing YAML file', () => {
    expect(message(['a', '--config', 'none.yaml'])).toBe(
      'none.yaml: file not found, expected a YAML file for --config',
    );
  });

  it('reads numbers without their flag', () => {
    expect(options.parse(['30', '-i', 'a'], { positionals: ['epochs'] }).epochs).toBe(30);
  });

  it('refuses an argument that no positional takes, as a pattern without quotes makes them', () => {
    expect(() => options.parse(['-i', 'a.csv', 'b.csv'])).toThrow(
      'unexpected argument "b.csv"; values of --inputs are separated by commas, patterns of files stand in quotes',
    );
    expect(() => defineOptions({}).parse(['b'])).toThrow(
      'unexpected argument "b"; --help shows what the command takes',
    );
  });
});

describe('toYaml', () => {
  it('round-trips any resolved options', () => {
    const resolved = fc.record({
      inputs: fc.array(fc.string(), { minLength: 1 }),
      epochs: fc.integer({ min: 1 }),
      learningRate: fc.double({ min: 1e-9, max: 0.5, noNaN: true }),
      threshold: fc.double({ noNaN: true, noDefaultInfinity: true }),
      shuffle: fc.boolean(),
      models: fc.array(fc.constantFrom('tele' as const, 'qK' as const)),
      maxRows: fc.oneof(fc.integer(), fc.constant('all' as const)),
      output: fc.option(fc.string(), { nil: undefined }),
      even: fc.integer({ min: -1000, max: 1000 }).map((half) => 2 * half),
    });
    fc.assert(
      fc.property(resolved, (values) => {
        expect(options.fromYaml(options.toYaml(values), 'run.yaml')).toEqual(values);
      }),
      { numRuns: 50 },
    );
  });
});

it('lists values by flag for tables, those without a value left out', () => {
  const set = defineOptions({
    learningRate: option({ flag: 'lr-values', schema: z.number().default(0.5), describe: 'rate' }),
    models: option({ schema: z.array(z.string()).default(['a', 'b']), describe: 'models' }),
    resume: option({ schema: z.string().optional(), describe: 'run' }),
    inputs: option({
      schema: z
        .array(z.object({ file: z.string(), mass: z.number().nullish() }))
        .default([{ file: 'a', mass: 40 }, { file: 'b' }]),
      describe: 'files',
    }),
  });
  expect(set.rows(set.parse([]))).toEqual([
    ['lr-values', '0.5'],
    ['models', 'a,b'],
    ['inputs', 'file: a, mass: 40; file: b'],
  ]);
});

describe('jsonSchema', () => {
  it('describes the YAML file', () => {
    expect(options.jsonSchema()).toMatchObject({
      additionalProperties: false,
      required: ['inputs'],
      properties: {
        epochs: { type: 'integer', minimum: 1, default: 200, description: 'most epochs' },
        threshold: { 'x-unit': 'MIP_T', default: 1.35 },
      },
    });
  });
});

describe('nearestName', () => {
  it('counts edits', () => {
    expect(editDistance('kitten', 'sitting')).toBe(3);
    expect(editDistance('', 'abc')).toBe(3);
  });
  it('finds the nearest name or none', () => {
    expect(nearestName('nElinks', ['n-elinks', 'nrows'])).toBe('n-elinks');
    expect(nearestName('zebra', ['epochs', 'seed'])).toBeUndefined();
  });
});

it.each([
  ['in circles', 'models: &a [*a]\n'],
  [
    'that multiply',
    `a: &a [x, x]\n${[...'bcdefghij'].map((name, i) => `${name}: &${name} [${`*${'abcdefghi'[i]}, `.repeat(9)}]\n`).join('')}models: *j\n`,
  ],
])('refuses aliases %s', (_, text) => {
  expect(() => options.fromYaml(text, 'run.yaml')).toThrow('run.yaml: not valid YAML (aliases go in circles');
});

it('refuses an empty text but for a list that is not empty by default', () => {
  expect(() => options.parse(['--inputs', ''])).toThrow(
    'option --inputs: got an empty text, expected a value; leave the option away for none',
  );
  expect(() => options.parse(['a', '--threshold='])).toThrow('option --threshold: got an empty text');
  const { list } = defineOptions({
    list: option({ schema: z.array(z.string()).default(['a']), describe: 'list' }),
  }).parse(['--list', '']);
  expect(list).toEqual([]);
});

it('shows a default that is a mapping', async () => {
  const names = option({
    schema: z.record(z.string(), z.string()).default({ 0: 'QCD', 1: 'signal' }),
    describe: 'names',
  });
  const plot = command({ options: defineOptions({ names }), run: () => 0 });
  expect(await plot.help({ call: 'a plot', describe: 'Plots.' })).toContain('[default: 0: QCD, 1: signal]');
});

it('checks a value for an option that was read elsewhere', () => {
  options.check('models', ['qK'], 'space.yaml, key models');
  const refused = () => options.check('models', ['qk'], 'space.yaml, key models');
  expect(refused).toThrow(UserError);
  expect(refused).toThrow(
    'space.yaml, key models: got "qk", expected one of tele, qK, wMSE; did you mean qK?',
  );
});

it('tells a mistake in one printable line of moderate length, whatever names it holds', () => {
  expect(new UserError('a.pth:  \n global \u001b[2J\u0000x\r').message).toBe('a.pth: global ?[2J?x?');
  const { message } = new UserError(`a.csv: ${'x'.repeat(100_000)}; give another`);
  expect(message).toMatch(/^a.csv: x+ \.\.\. x+; give another$/);
  expect(message.length).toBeLessThan(2010);
});

describe('runCli', () => {
  const trainCommand = command({
    options,
    positionals: ['inputs'],
    run: ({ epochs, inputs }, { out }) => {
      if (epochs === 13) throw new Error('lost');
      if (epochs === 14) return 3;
      if (epochs === 15) throw new RunFailure('batch 3: loss is NaN');
      if (epochs === 16)
        throw Object.assign(new Error('a.csv: empty\n file \u001b[2J'), { name: 'UserError' });
      out(`${inputs.join('+')} ${epochs}`);
    },
  });
  const train = { name: 'train', describe: 'Trains the networks.', load: async () => trainCommand };
  const run = async (...argv: string[]) => {
    const lines: string[] = [];
    const output = {
      out: (text: string) => lines.push(text),
      err: (text: string) => lines.push(`! ${text}`),
    };
    const emd = { name: 'emd', describe: 'Networks that learn the distance.', commands: [train] };
    const part = {
      name: 'train-part',
      describe: 'One of many.',
      isInternal: true,
      load: async () => command({ options: defineOptions({}), run: () => 4 }),
    };
    const program = { name: 'ecoder-trainer', version: '1.2.3', commands: [train, emd, part] };
    return [await runCli(program, argv, output), lines.join('\n')];
  };

  it('prints the options as resolved instead of working, as YAML that gives them again', async () => {
    const config = yamlFile('epochs: 5\nmodels: [qK]\n');
    const typed = ['train', 'a', 'b', '--print_settings', '--config', config, '--threshold', '2'];
    const [code, text] = await run(...typed);
    expect(code).toBe(0);
    const resolved = options.parse(['--config', config, '--threshold', '2', '--inputs', 'a,b']);
    expect(options.fromYaml(String(text), 'printed')).toEqual(resolved);
    expect((await run('train', 'a', '--print-settings', '--epochs', 'x'))[0]).toBe(2);
    expect((await run('train', 'a', '--', '--print-settings'))[1]).toBe('a+--print-settings 200');
  });

  it.each([
    [['train', 'a', '--epochs', '2'], 0, 'a 2'],
    [['train', 'a', '--epochs', '14'], 3, ''],
    [['--version'], 0, '1.2.3'],
    [['train', 'a', '--epoch', '2'], 2, '! ecoder-trainer: unknown option --epoch; did you mean --epochs?'],
    [['train', 'a', '--epochs', '13'], 1, '! ecoder-trainer: internal error: lost (HEP_DEBUG=1 shows where)'],
    [['train', 'a', '--epochs', '15'], 1, '! ecoder-trainer: batch 3: loss is NaN'],
    [['train', 'a', '--epochs', '16'], 2, '! ecoder-trainer: a.csv: empty file ?[2J'],
    [['trian'], 2, '! ecoder-trainer: unknown command "trian"; did you mean train?'],
    [['fit'], 2, '! ecoder-trainer: unknown command "fit", expected one of train, emd'],
    [[], 2, '! ecoder-trainer: a command is missing, expected one of train, emd'],
    [['train-part'], 4, ''],
    [['emd', 'train', 'a', '--epochs', '2'], 0, 'a 2'],
    [['emd', 'train', 'a', '--', '--help'], 0, 'a+--help 200'],
    [['emd', 'tarin'], 2, '! ecoder-trainer: unknown command "tarin"; did you mean train?'],
    [['emd'], 2, '! ecoder-trainer: a command is missing, expected one of train'],
    [['emd', '--version'], 2, '! ecoder-trainer: unknown command "--version", expected one of train'],
  ])('%j exits with %i', async (argv, code, text) => {
    expect(await run(...argv)).toEqual([code, text]);
  });

  it('lists the commands', async () => {
    const [code, text] = await run('--help');
    expect(code).toBe(0);
    expect(text).toContain('train  Trains the networks.');
    expect(text).toContain('emd    Networks that learn the distance.');
    expect(text).not.toContain('train-part');
  });

  it('lists the commands of a group and shows the options of each', async () => {
    expect((await run('emd', '--help'))[1]).toMatch(
      /^ecoder-trainer emd <command>[^]*\n {2}train {2}Trains the networks\./,
    );
    expect((await run('emd', 'train', '--help'))[1]).toContain(
      'ecoder-trainer emd train <inputs..> [options]',
    );
  });

  it('shows the options in groups with unit and default', async () => {
    const [code, text] = await run('train', '--help');
    expect(code).toBe(0);
    expect(text).toContain('ecoder-trainer train <inputs..> [options]');
    expect(text).toMatch(
      /Data:\n.*-i, --inputs.*\[required\]\n.*--threshold +charge cut \[MIP_T\].*\[default: 1.35\]/,
    );
    expect(text).toMatch(/Training:\n.*--epochs +most epochs.*\[default: 200\]/);
    expect(text).toContain('[choices: "tele", "qK", "wMSE"] [default: tele]');
  });
});
