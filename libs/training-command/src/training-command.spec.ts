import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { defineOptions, option } from '@hep/options';
import { temporaryFolder } from '@hep/test-support';
import type { RunRecord } from '@hep/training';
import {
  earlierOptions,
  isFinished,
  learningRateOf,
  requireSame,
  requireScheduleParameters,
  requireWritable,
  resumableCommands,
  runOptions,
  saveConfig,
  stoppable,
} from './index.ts';
import { z } from 'zod';

const folder = await temporaryFolder();
const silent = { out: () => undefined };

describe('work that can be stopped', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('tells what to do and ends with the code of %s', async (name, code) => {
    const told: string[] = [];
    const work = (signal: AbortSignal) =>
      new Promise<'interrupted'>((resolve) => {
        signal.addEventListener('abort', () => resolve('interrupted'));
        process.emit(name);
      });
    expect(await stoppable({ out: (text) => told.push(text) }, work)).toBe(code);
    expect(told).toEqual(['stopping after the running batches; Ctrl-C again to stop at once']);
  });

  it('ends with 0 when nothing stopped it, and passes errors on', async () => {
    expect(await stoppable(silent, async () => 'finished')).toBe(0);
    await expect(
      stoppable(silent, async () => {
        throw new Error('broken');
      }),
    ).rejects.toThrow('broken');
  });
});

describe('lists of mappings', () => {
  it('of a run that is gone on with are compared entry by entry', () => {
    const list = (names: string[]) => ({ features: names.map((name) => ({ name, abs: true })) });
    const check = (saved: string[], chosen: string[]) =>
      requireSame('runs/a', list(saved), list(chosen), new Set());
    expect(() => check(['pt', 'eta'], ['pt', 'eta'])).not.toThrow();
    expect(() => check(['pt', 'eta'], ['pt', 'phi'])).toThrow(
      '--features entry 2 {"name":"phi","abs":true}: the run at runs/a has {"name":"eta","abs":true}; leave the option away',
    );
    expect(() => check(['pt', 'eta'], ['pt'])).toThrow('--features entry 2 missing: the run at runs/a has');
    expect(() => check(['pt'], ['pt', 'eta'])).toThrow('the run at runs/a has 1 entries;');
  });
});

describe('options of a run that is gone on with', () => {
  const check = (saved: unknown, chosen: unknown) =>
    requireSame('runs/a', { value: saved }, { value: chosen }, new Set());

  it.each([
    [['a,b'], ['a', 'b'], '--value a,b: the run at runs/a has a,b;'],
    [{ low: 1 }, { low: 2 }, '--value {"low":2}: the run at runs/a has {"low":1};'],
    [[[1], [2]], [[1, 2]], '--value entry 1 [1,2]: the run at runs/a has [1];'],
    [1, undefined, '--value undefined: the run at runs/a has 1;'],
  ])('differ by their values: %j and %j', (saved, chosen, message) => {
    expect(() => check(saved, chosen)).toThrow(message);
  });

  it.each([
    [[{ name: 'pt', abs: true }], [{ abs: true, name: 'pt' }]],
    [[{ name: 'pt', scale: undefined }], [{ name: 'pt' }]],
  ])('do not differ by their form: %j and %j', (saved, chosen) => {
    expect(() => check(saved, chosen)).not.toThrow();
  });
});

describe('schedules', () => {
  const options = { learningRate: 1, epochs: 4, schedule: 'step', schedulePeriod: 2 } as const;

  it('count in epochs', () => {
    const rate = learningRateOf(options, 10);
    expect([rate(0), rate(19), rate(21)]).toEqual([1, 1, 0.5]);
    const falling = learningRateOf({ learningRate: 1, epochs: 4, schedule: 'exponential' }, 10);
    expect(falling(10)).toBeCloseTo(0.95, 12);
  });

  it('refuse parameters of others', () => {
    expect(() => requireScheduleParameters(options)).not.toThrow();
    expect(() => requireScheduleParameters({ ...options, schedule: 'cosine' })).toThrow(
      'option --schedule-period: schedule cosine does not have it; leave it away, or choose --schedule step or warm-restarts',
    );
  });
});

describe('the folder of a command', () => {
  it('keeps a configuration that says the same', async () => {
    const path = join(folder, 'config.yaml');
    await saveConfig(folder, 'a: 1\n');
    const { ino } = await stat(path);
    await saveConfig(folder, 'a: 1\n');
    expect((await stat(path)).ino).toBe(ino);
    await saveConfig(folder, 'a: 2\n');
    expect(await readFile(path, 'utf8')).toBe('a: 2\n');
  });

  it('must be a folder, and hold a run to resume', async () => {
    const file = join(folder, 'file');
    await writeFile(file, '');
    await expect(requireWritable(file)).rejects.toThrow('file');
    const set = { parse: () => ({}) };
    expect(() => earlierOptions(set, new Set<never>(), file, [])).toThrow(
      `--resume ${file}: no run there (config.yaml is missing)`,
    );
  });

  it('holds a finished run when its epochs are done or a callback ended it', () => {
    const record = (stoppedBy: string, epochs: number) =>
      ({ status: 'finished', result: { stoppedBy, epochs, bestEpoch: 1, seconds: 1 } }) as RunRecord;
    expect(isFinished(record('epochs', 5), { epochs: 6 })).toBe(false);
    expect(isFinished(record('epochs', 5), { epochs: 5 })).toBe(true);
    expect(isFinished(record('early-stopping', 3), { epochs: 5 })).toBe(true);
    expect(isFinished({ ...record('epochs', 5), status: 'trained' }, { epochs: 5 })).toBe(false);
  });
});

const run = await temporaryFolder();

describe('commands of a training that can be gone on with', () => {
  const options = defineOptions({
    ...runOptions,
    epochs: option({ schema: z.int().default(5), describe: 'epochs' }),
    width: option({ schema: z.int().default(2), describe: 'width' }),
  });
  const { train, resume } = resumableCommands({
    options,
    changeable: new Set(['epochs', 'force', 'resume', 'checkpointMinutes', 'tensorboard'] as const),
    earlierRun: async ({ resume: path }) => path,
    start: async ({ epochs }) => epochs,
    goOn: async (path, { epochs, width }) => (path === run ? 100 * width + epochs : 0),
  });
  const output = { out: () => undefined, err: () => undefined };

  it('start anew, or go on with the options of the run and the flags of today', async () => {
    await writeFile(join(run, 'config.yaml'), options.toYaml(options.parse(['--width', '3'])));
    expect(await train.execute(['--epochs', '7'], output)).toBe(7);
    expect(await train.execute(['--resume', run, '--epochs', '7'], output)).toBe(307);
    expect(await resume.execute([run, '--epochs', '7'], output)).toBe(307);
    await expect(resume.execute([], output)).rejects.toThrow('expected the folder of an earlier run');
    for (const settings of [
      resume.settings([run, '--epochs', '7']),
      train.settings(['--resume', run, '--epochs', '7']),
    ]) {
      expect(options.fromYaml(await settings, 'printed')).toMatchObject({ epochs: 7, width: 3 });
    }
    await expect(resume.execute([run, '--width', '4'], output)).rejects.toThrow(/--width 4: the run at/);
  });
});
