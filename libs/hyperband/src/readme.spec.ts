import { join } from 'node:path';
import { temporaryFolder } from '@hep/test-support';
import { LocalRunner, planSearch, readSpace, runSearch, SearchFolder, standings } from './index.ts';
import type { PlannedTrial } from './index.ts';

/** Writes an outcome that is the better the larger the number of the trial. */
const TRAINER = `
  const { mkdirSync, writeFileSync } = require('fs');
  const [path, trial, round] = process.argv.slice(1);
  const folder = path + '/trials/' + trial.padStart(2, '0');
  mkdirSync(folder, { recursive: true });
  const outcome = { kind: 'finished', objective: 100 - trial, epoch: 1, seconds: 0.1 };
  writeFileSync(folder + '/round-' + (Number(round) + 1) + '.json', JSON.stringify(outcome));`;

const base = await temporaryFolder();

it('runs a search as the README shows', async () => {
  const path = join(base, 'search');
  const { signal } = new AbortController();
  const trainer = [process.execPath, '-e', TRAINER];
  const names = { parameters: ['activation', 'hidden-units'], counters: ['layers'] };
  const space = readSpace(
    'activation: { choice: [relu, swish] }\n' +
      'layers: { integer: [1, 3] }\n' +
      'hidden-units: { choice: [64, 32], times: layers }\n',
    'space.yaml',
    names,
  );
  const objective = { name: 'val_loss', better: 'smaller' } as const;
  const plan = planSearch({ space, maxEpochs: 10, factor: 3, seed: 1, objective });
  const folder = await SearchFolder.create(path, plan);
  const runner = new LocalRunner({
    parallel: 2,
    silentMilliseconds: 60_000,
    longestMilliseconds: null,
    logs: `${path}/logs`,
  });
  const commandOf = ({ number }: PlannedTrial, round: number) => [
    ...trainer,
    path,
    String(number),
    String(round),
  ];
  expect(await runSearch({ folder, runner, commandOf, signal })).toBe(true);
  const [best] = standings(plan, folder.outcomes);
  expect(best).toEqual({
    trial: 16,
    round: 0,
    outcome: { kind: 'finished', objective: 84, epoch: 1, seconds: 0.1 },
  });
});
