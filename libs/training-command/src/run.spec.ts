import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { defineOptions } from '@hep/options';
import { temporaryFolder } from '@hep/test-support';
import { EarlyStopping, openRunDirectory, TrackBest } from '@hep/training';
import {
  bestEpochCallback,
  configOf,
  epochsOption,
  fitSettings,
  openRun,
  outputOption,
  planRun,
  progressOn,
  runOptions,
  seedOption,
  tensorBoardCallbacks,
} from './index.ts';

const folder = await temporaryFolder();
const set = defineOptions({
  epochs: epochsOption(5),
  seed: seedOption('weights'),
  output: outputOption('runs/x'),
  ...runOptions,
});
const signal = new AbortController().signal;

async function opened(path: string, argv: readonly string[]) {
  const options = set.parse(argv);
  const plan = await planRun(path, options, []);
  const config = configOf(set, options);
  const { seed, force } = options;
  const run = await openRun(plan, { config, seed, versions: { program: '1.2.3' }, force });
  return { plan, run };
}

describe('a planned run', () => {
  it('is new in a free folder, and records seed, versions and options that repeat it', async () => {
    const path = join(folder, 'new');
    const { plan, run } = await opened(path, ['--seed', '7', '--force']);
    expect(plan).toMatchObject({ path, earlier: null, isFinished: false });
    expect(run.record).toMatchObject({ seed: 7, versions: { program: '1.2.3' } });
    expect(Object.keys(run.record.versions)).toContain('onnxruntime-node');
    const config = await readFile(join(path, 'config.yaml'), 'utf8');
    expect(set.fromYaml(config, 'config.yaml')).toEqual(set.parse(['--seed', '7']));
  });

  it('goes on with the run to resume, whose options become those of today', async () => {
    const path = join(folder, 'resumed');
    const { run } = await opened(path, []);
    await run.end('finished', { result: { epochs: 5, stoppedBy: 'epochs', bestEpoch: 1, seconds: 1 } });
    expect(await planRun(path, { epochs: 5, resume: path }, [])).toMatchObject({ isFinished: true });
    const { plan } = await opened(path, ['--resume', path, '--epochs', '9']);
    expect(plan).toMatchObject({ isFinished: false, earlier: { path } });
    expect(await readFile(join(path, 'config.yaml'), 'utf8')).toContain('epochs: 9');
    expect((await openRunDirectory(path)).record.started).toBe(run.record.started);
  });

  it('is refused where other files are, and where the run began with others', async () => {
    const path = join(folder, 'taken');
    await mkdir(path);
    await writeFile(join(path, 'thesis.tex'), '');
    await expect(planRun(path, { epochs: 1 }, [])).rejects.toThrow('is not empty (it holds thesis.tex)');
    const { run } = await opened(join(folder, 'with-inputs'), []);
    const other = { path: 'other.csv', bytes: 1, sha256: 'x' };
    await expect(planRun(run.path, { epochs: 1, resume: run.path }, [other])).rejects.toThrow(
      'began with 0 input files, now there are 1',
    );
  });
});

describe('the options of a command', () => {
  it('say to fit how fast and how long', () => {
    const pace = { learningRate: 0.1, schedule: 'exponential', epochs: 3, batchSize: 4 } as const;
    const output = { out: () => undefined, err: () => undefined };
    const settings = fitSettings({ ...pace, seed: 5, checkpointMinutes: 2 }, 10, { signal, output });
    expect(settings).toMatchObject({ batchSize: 4, epochs: 3, seed: 5, checkpointMinutes: 2, signal });
    // 10 rows are 3 steps of 4.
    expect((settings.learningRate as (steps: number) => number)(3)).toBeCloseTo(0.095, 12);
  });

  it('show progress as lines where there is no terminal', () => {
    const lines: string[] = [];
    progressOn({ out: (text) => lines.push(text), err: () => undefined }).notice('halfway');
    expect(lines).toEqual(['halfway']);
  });

  it('stop a training that gets no better only when there is a patience', () => {
    const never = bestEpochCallback({ patience: 0, restoreBest: true });
    expect(never).toBeInstanceOf(TrackBest);
    expect(never.judges).toEqual({ monitor: 'val_loss', restoreBest: true });
    const patient = bestEpochCallback({ patience: 1, restoreBest: false }, 'score');
    expect(patient).toBeInstanceOf(EarlyStopping);
    const decide = (score: number, epoch: number) => patient.onEpochEnd({ score }, { epoch } as never);
    expect([decide(2, 1), decide(1, 2), decide(3, 3)].map(({ stop }) => stop ?? false)).toEqual([
      false,
      false,
      true,
    ]);
  });

  it('write TensorBoard events unless they say no', async () => {
    const { run } = await opened(join(folder, 'events'), []);
    const names = (tensorboard: boolean) =>
      tensorBoardCallbacks({ tensorboard }, run, (state) => state).map(({ name }) => name);
    expect([names(true), names(false)]).toEqual([['tensorboard'], []]);
  });
});
