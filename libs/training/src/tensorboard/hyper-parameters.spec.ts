import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { writeComparison } from '../index.ts';
import type { ComparedTraining, Comparison } from '../index.ts';
import { events, fields, inner, text } from '../testing/event-records.ts';
import type { Fields } from '../testing/event-records.ts';
import { temporaryFolder } from '../testing/fit-linear.ts';

const training: ComparedTraining = {
  name: '00',
  hyperParameters: { activation: 'relu', layers: 3, 'one-hot': false },
  isFailed: false,
  started: 1000,
  ended: 1010,
  history: [{ loss: 0.5, other: 1 }, { loss: 0.25 }],
};
const comparison: Comparison = {
  title: 'search',
  domains: { activation: ['relu', 'swish'], layers: [3, 4], 'one-hot': [true, false] },
  metrics: ['loss'],
  trainings: [training, { ...training, name: '01', isFailed: true, history: [] }],
};

/** Events without the first one, which has the version of the file, as their only value. */
async function values(folder: string): Promise<{ step: unknown; value: Fields }[]> {
  const [file, ...others] = (await readdir(folder)).filter((name) => name.includes('tfevents'));
  expect(others).toEqual([]);
  const [, ...rest] = await events(join(folder, file));
  return rest.map((event) => ({ step: event.get(2)![0], value: inner(inner(event, 5), 1) }));
}

/** Message of the plugin. */
function plugged({ value }: { value: Fields }): Fields {
  const data = inner(inner(value, 9), 1);
  expect(text(data.get(1)![0])).toBe('hparams');
  return inner(data, 2);
}

const tagsOf = (found: readonly { value: Fields }[]) => found.map(({ value }) => text(value.get(1)![0]));

it('writes the hyper-parameters with their types and the metrics of an experiment', async () => {
  const folder = await temporaryFolder();
  await writeComparison(folder, comparison);
  const found = await values(folder);
  expect(tagsOf(found)).toEqual(['_hparams_/experiment']);
  const experiment = inner(plugged(found[0]), 2);
  const infos = experiment.get(4)!.map((bytes) => fields(bytes as Uint8Array));
  expect(infos.map((info) => [text(info.get(1)![0]), info.get(4)![0]])).toEqual([
    ['activation', 1],
    ['layers', 3],
    ['one-hot', 2],
  ]);
  const layers = inner(infos[1], 5).get(1)!;
  expect(layers.map((bytes) => fields(bytes as Uint8Array).get(2)![0])).toEqual([3, 4]);
  expect(text(inner(inner(experiment, 5), 1).get(2)![0])).toBe('loss');
});

it('writes values, metrics and end of every training, anew each time', async () => {
  const folder = await temporaryFolder();
  await writeComparison(folder, comparison);
  await writeComparison(folder, comparison);
  const found = await values(join(folder, '00'));
  expect(tagsOf(found)).toEqual([
    '_hparams_/session_start_info',
    'loss',
    'loss',
    '_hparams_/session_end_info',
  ]);
  const start = inner(plugged(found[0]), 3);
  const entries = start.get(1)!.map((bytes) => fields(bytes as Uint8Array));
  expect(entries.map((entry) => text(entry.get(1)![0]))).toEqual(['activation', 'layers', 'one-hot']);
  expect(text(inner(entries[0], 2).get(3)![0])).toBe('relu');
  expect(inner(entries[1], 2).get(2)).toEqual([3]);
  expect(inner(entries[2], 2).get(4)).toEqual([0]);
  expect(start.get(5)).toEqual([1000]);
  expect(found.slice(1, 3).map(({ step, value }) => [step, value.get(2)![0]])).toEqual([
    [1, 0.5],
    [2, 0.25],
  ]);
  const ends = [found.at(-1)!, (await values(join(folder, '01'))).at(-1)!];
  expect(ends.map((end) => inner(plugged(end), 4).get(1))).toEqual([[1], [2]]);
});
