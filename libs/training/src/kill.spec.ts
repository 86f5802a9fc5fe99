import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { workerModule } from '@hep/workers';
import { readCheckpoint, readHistory } from './index.ts';
import { temporaryFolder } from './testing/fit-linear.ts';
import { killAndResume } from './testing/kill-and-resume.ts';

const EPOCHS = 24;
const BATCHES = 13;
const KILLS = 20;
const BATCH_MILLISECONDS = 8;
const LONGEST_DELAY = 90;

describe('a killed training process', () => {
  it('ends with the weights and the history of an uninterrupted one', async () => {
    // Sleeping alone takes longer than all attempts together, so every kill hits a running training.
    expect(EPOCHS * BATCHES * BATCH_MILLISECONDS).toBeGreaterThan(KILLS * LONGEST_DELAY);
    const program = fileURLToPath(await workerModule(new URL('./testing/train-linear.ts', import.meta.url)));
    const folder = await temporaryFolder();
    const [whole, torn] = [join(folder, 'whole'), join(folder, 'torn')];
    await promisify(execFile)(process.execPath, [program, whole]);

    const args = [program, torn, String(BATCH_MILLISECONDS)];
    const { kills } = await killAndResume({
      command: process.execPath,
      start: args,
      resume: args,
      runDirectory: torn,
      kills: KILLS,
      seed: 5,
      delayMilliseconds: [0, LONGEST_DELAY],
    });
    expect(kills).toBe(KILLS);

    const last = (run: string) => readCheckpoint(join(run, 'checkpoints', `epoch-00${EPOCHS}.checkpoint`));
    const [expected, found] = [await last(whole), await last(torn)];
    for (const [name, { values }] of Object.entries(expected.state)) {
      expect(Buffer.from(found.state[name].values.buffer)).toEqual(Buffer.from(values.buffer));
    }
    expect({ ...found.loop, history: [], seconds: 0 }).toEqual({ ...expected.loop, history: [], seconds: 0 });
    expect(await historyWithoutTimes(torn)).toEqual(await historyWithoutTimes(whole));
    expect(new Set(expected.loop.history.map(({ values }) => values['pull'])).size).toBeGreaterThan(15);
    expect(await frontOf(torn)).toEqual(await frontOf(whole));
  });
});

/** The table of the Pareto front and the states of its epochs. */
async function frontOf(run: string) {
  const files = (await readdir(join(run, 'pareto'))).filter((file) => file.endsWith('.checkpoint'));
  const states = files.map(async (file) => (await readCheckpoint(join(run, 'pareto', file))).state);
  return {
    table: await readFile(join(run, 'pareto', 'front.csv'), 'utf8'),
    files,
    states: await Promise.all(states),
  };
}

async function historyWithoutTimes(run: string) {
  const rows = await readHistory(join(run, 'history.csv'));
  return rows.map(({ epoch, values, learningRate }) => ({ epoch, values, learningRate }));
}
