import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '@hep/test-support';
import fc from 'fast-check';
import { participants, planSearch, runSearch, SearchFolder, standings } from './index.ts';
import type { Outcome, SearchSettings, TaskRunner } from './index.ts';
import { TasksHere, writeOutcome } from './testing/tasks-here.ts';

const base = await temporaryFolder();
let folders = 0;
const newFolder = () => join(base, String(folders++));

const settings: SearchSettings = {
  space: [{ name: 'x', domain: { kind: 'integer', from: 0, to: 99 }, times: null }],
  maxEpochs: 10,
  factor: 3,
  seed: 1,
  objective: { name: 'val_loss', better: 'smaller' },
};

/** Objective of a trial, better with every round, different for all. */
const lossOf = (trial: number, round: number) => ((trial * 7) % 17) + 1 / (round + 2);

const run = (folder: SearchFolder, runner: TaskRunner, signal = new AbortController().signal) =>
  runSearch({
    folder,
    runner,
    signal,
    commandOf: ({ number }, round) => [folder.path, String(number), String(round)],
  });

async function table(path: string) {
  const { plan, outcomes } = await SearchFolder.open(path);
  return standings(plan, outcomes);
}

it('trains as the brackets say, and promotes the best', async () => {
  const folder = await SearchFolder.create(newFolder(), planSearch(settings));
  const done: [number, number][] = [];
  const runner = new TasksHere((task) => {
    done.push([Number(task.command[1]), Number(task.command[2])]);
    return writeOutcome(task, lossOf);
  });
  expect(await run(folder, runner)).toBe(true);
  const count = (first: number, last: number, round: number) =>
    done.filter(([trial, r]) => trial >= first && trial <= last && r === round).length;
  expect([0, 1, 2].map((round) => count(0, 8, round))).toEqual([9, 3, 1]);
  expect([0, 1].map((round) => count(9, 13, round))).toEqual([5, 2]);
  expect(count(14, 16, 0)).toBe(3);
  const best = (first: number, last: number, promoted: number) =>
    Array.from({ length: last - first + 1 }, (_, index) => first + index)
      .sort((a, b) => lossOf(a, 0) - lossOf(b, 0))
      .slice(0, promoted);
  expect(participants(folder.plan, 0, 1, folder.outcomes)).toEqual(best(0, 8, 3));
  expect(participants(folder.plan, 0, 2, folder.outcomes)).toEqual(best(0, 8, 1));
  expect(participants(folder.plan, 1, 1, folder.outcomes)).toEqual(best(9, 13, 2));
  expect(runner.groups).toContain('bracket-1-round-3');
});

it('the larger objective wins where that is better', async () => {
  const objective = { name: 'val_auc', better: 'larger' } as const;
  const folder = await SearchFolder.create(newFolder(), planSearch({ ...settings, objective }));
  await run(folder, new TasksHere((task) => writeOutcome(task, lossOf)));
  const [first] = await table(folder.path);
  expect(first.outcome).toMatchObject({ objective: lossOf(first.trial, first.round) });
  const all = await table(folder.path);
  const objectives = all.map(({ outcome }) => (outcome.kind === 'finished' ? outcome.objective : NaN));
  expect(objectives).toEqual([...objectives].sort((a, b) => b - a));
});

it('a search that was stopped anywhere, again and again, ends with the table of one that was not', async () => {
  const whole = await SearchFolder.create(newFolder(), planSearch(settings));
  await run(whole, new TasksHere((task) => writeOutcome(task, lossOf)));
  const expected = await table(whole.path);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 8 }), { maxLength: 6 }), async (stops) => {
      const { path } = await SearchFolder.create(newFolder(), planSearch(settings));
      let done = 0;
      for (const stop of stops) {
        const controller = new AbortController();
        let left = stop;
        const runner = new TasksHere(async (task) => {
          if (left-- === 0) {
            controller.abort('SIGINT');
            return 'stopped';
          }
          done++;
          return writeOutcome(task, lossOf);
        });
        if (await run(await SearchFolder.open(path), runner, controller.signal)) break;
      }
      const count = new TasksHere((task) => (done++, writeOutcome(task, lossOf)));
      expect(await run(await SearchFolder.open(path), count)).toBe(true);
      expect(await table(path)).toEqual(expected);
      expect(done).toBe(9 + 3 + 1 + 5 + 2 + 3);
    }),
    { numRuns: 15 },
  );
});

it('a failed trial counts as the worst and never goes on, whatever the objective', async () => {
  const folder = await SearchFolder.create(newFolder(), planSearch(settings));
  const fails = new Set(['0 0', '3 0', '9 1', '14 0', '15 0', '16 0']);
  const told: Outcome[] = [];
  const complete = await runSearch({
    folder,
    signal: new AbortController().signal,
    commandOf: ({ number }, round) => [folder.path, String(number), String(round)],
    runner: new TasksHere((task) =>
      fails.has(`${task.command[1]} ${task.command[2]}`)
        ? Promise.resolve('crashed')
        : writeOutcome(task, () => 1),
    ),
    onOutcome: (_, __, outcome) => told.push(outcome),
  });
  expect(complete).toBe(true);
  expect(participants(folder.plan, 0, 1, folder.outcomes)).toEqual([1, 2, 4]);
  const all = await table(folder.path);
  expect(all).toHaveLength(17);
  expect(all.slice(-fails.size).every(({ outcome }) => outcome.kind === 'failed')).toBe(true);
  expect(told.filter(({ kind }) => kind === 'failed')).toHaveLength(fails.size);
});

it('fewer trials go on where too few are left', async () => {
  const folder = await SearchFolder.create(newFolder(), planSearch(settings));
  const runner = new TasksHere((task) =>
    Number(task.command[1]) < 8 ? Promise.resolve('crashed') : writeOutcome(task, lossOf),
  );
  expect(await run(folder, runner)).toBe(true);
  expect(participants(folder.plan, 0, 1, folder.outcomes)).toEqual([8]);
  const none = await SearchFolder.create(newFolder(), planSearch(settings));
  expect(await run(none, new TasksHere(() => Promise.resolve('crashed')))).toBe(true);
  expect((await table(none.path)).every(({ outcome }) => outcome.kind === 'failed')).toBe(true);
});

it('says what is wrong with a folder', async () => {
  await expect(SearchFolder.open(join(base, 'nothing'))).rejects.toThrow(/no search there/);
  const folder = await SearchFolder.create(newFolder(), planSearch(settings));
  await folder.write(2, 0, { kind: 'failed', reason: 'crashed' });
  const search = join(folder.path, 'search.json');
  const plan = await readFile(search, 'utf8');
  await writeFile(search, plan.replace('"bracket": 0', '"bracket": 99'));
  await expect(SearchFolder.open(folder.path)).rejects.toThrow(/search.json: its trials are not those/);
  await writeFile(search, plan);
  for (const damaged of ['{', '{"kind":"finished","objective":null,"epoch":1,"seconds":1}', '[]']) {
    await writeFile(folder.outcomePath(2, 0), damaged);
    await expect(SearchFolder.open(folder.path)).rejects.toThrow(/round-1.json: is damaged/);
  }
});

it.each<[string, (plan: { trials: { number: number; bracket: number }[] }) => void]>([
  ['a bracket that there is none of', ({ trials }) => void (trials[0].bracket = 17)],
  ['another number', ({ trials }) => void (trials[1].number = 0)],
  ['fewer trials', ({ trials }) => void trials.pop()],
])('a plan with %s is refused', async (_, change) => {
  const folder = await SearchFolder.create(newFolder(), planSearch(settings));
  const path = join(folder.path, 'search.json');
  const written = JSON.parse(await readFile(path, 'utf8')) as Parameters<typeof change>[0];
  change(written);
  await writeFile(path, JSON.stringify(written));
  await expect(SearchFolder.open(folder.path)).rejects.toThrow('search.json: its trials are not those of');
});
