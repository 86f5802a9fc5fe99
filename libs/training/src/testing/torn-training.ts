import { join } from 'node:path';
import { start } from '@hep/test-support';
import { readHistory } from '../history.ts';
import type { EpochRow } from '../history.ts';
import { killAndResume } from './kill-and-resume.ts';
import type { KillPlan, KillReport } from './kill-and-resume.ts';

/** A training that is run twice: left alone, and killed again and again. */
export interface TornTraining extends Pick<KillPlan, 'kills' | 'seed'> {
  /** File of the bundled program. */
  readonly program: string;
  /** Outputs of the two. */
  readonly whole: string;
  readonly torn: string;
  /** Arguments that train into an output. */
  readonly train: (output: string) => readonly string[];
  /** Arguments that go on with what is in an output. */
  readonly resume: (output: string) => readonly string[];
  /** Run directory of an output; default: the output itself. */
  readonly runOf?: (output: string) => string;
  /**
   * Shortest and longest time from a process's first line to its kill.
   * @param times milliseconds from the start of the training that is left alone to each of its lines
   */
  readonly delay: (times: readonly number[]) => readonly [number, number];
}

/**
 * Runs both, one after the other.
 * @throws Error when a training fails, or when the one left alone complains about something
 */
export async function trainWholeAndTorn(training: TornTraining): Promise<KillReport> {
  const { program, whole, torn, train, resume, runOf = (output) => output, kills, seed } = training;
  const node = process.execPath;
  const { code, err, times } = await start(node, [program, ...train(whole)]);
  if (code !== 0 || err !== '') throw new Error(`the training ended with ${code}: ${err}`);
  return killAndResume({
    command: node,
    start: [program, ...train(torn)],
    resume: [program, ...resume(torn)],
    runDirectory: runOf(torn),
    kills,
    seed,
    delayMilliseconds: training.delay(times),
  });
}

/** The history of a run without what the clock says, which no two trainings share. */
export async function timelessHistory(
  run: string,
): Promise<Pick<EpochRow, 'epoch' | 'values' | 'learningRate'>[]> {
  const history = await readHistory(join(run, 'history.csv'));
  return history.map(({ epoch, values, learningRate }) => ({ epoch, values, learningRate }));
}
