/** One training of either side, in its own process, and its scores of the test jets. */
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { CALRATIO_LEARNING_RATE, INPUT_SHAPES, JET_CLASSES } from '@hep/calratio-rnn';
import { flatNumbers, openColumns } from '@hep/datasets/columns';
import { readHistory } from '@hep/training';
import type { Launch } from '../measuring-process.ts';
import { readFloat32 } from '../npy.ts';
import { runProcess } from '../quality/run-process.ts';
import { TEST_SAMPLES } from './data.ts';
import type { JetCounts, QualityJets, TestSample } from './data.ts';
import { judged } from './outcome.ts';
import type { JetOutcome } from './outcome.ts';

/** What is common to all trainings of a comparison. */
export interface JetSetting {
  readonly folder: string;
  readonly counts: JetCounts;
  /** Of our trainings; none is stopped before. */
  readonly epochs: number;
  readonly referenceEpochs: number;
  /** Mini-batches in an epoch of the reference's recipe. */
  readonly splits: number;
  /** How to start the peer, without its argument, and our program, without a command. */
  readonly peer: Launch;
  readonly program: Launch;
  /** Further flags of `calratio-trainer train`. */
  readonly flags: readonly string[];
}

/** Name of the reference's side in tables. */
export const REFERENCE = 'reference recipe, Keras';

/** The reference's recipe in Keras. */
export async function trainReference(
  seed: number,
  jets: QualityJets,
  setting: JetSetting,
): Promise<JetOutcome> {
  const output = join(setting.folder, `reference-${seed}`);
  mkdirSync(output, { recursive: true });
  const spec = {
    ...{ folder: jets.folder, output, seed, threads: 1, shapes: INPUT_SHAPES, classes: JET_CLASSES.length },
    ...{ epochs: setting.referenceEpochs, splits: setting.splits, learningRate: CALRATIO_LEARNING_RATE },
    ...{ adversaryWeight: 10, discriminatorSteps: 2 },
  };
  await runProcess({ ...setting.peer, arguments: [...setting.peer.arguments, JSON.stringify(spec)] });
  const used = JSON.parse(readFileSync(join(output, 'used.json'), 'utf8')) as Pick<
    JetOutcome,
    'wallSeconds' | 'cpuSeconds'
  >;
  const scores = Object.fromEntries(
    TEST_SAMPLES.map((name) => [name, readFloat32(join(output, `${name}.npy`))]),
  ) as Record<TestSample, Float32Array>;
  return { side: REFERENCE, seed, ...judged(jets, scores), ...used };
}

/** Our program with its own recipe, with or without an adversary. */
export async function trainOurs(
  side: string,
  seed: number,
  jets: QualityJets,
  setting: JetSetting,
  recipe: readonly string[],
): Promise<JetOutcome> {
  const output = join(setting.folder, `${side.replace(/\W+/g, '-')}-${seed}`);
  rmSync(output, { recursive: true, force: true });
  const { program, counts, epochs, flags } = setting;
  const start = (...argv: readonly string[]) =>
    runProcess({ ...program, arguments: [...program.arguments, ...argv] });
  const cpuSeconds = await start(
    ...['train', '--output', output, '--seed', String(seed)],
    ...['--epochs', String(epochs), '--patience', String(epochs)],
    ...['--toy-rows', String(counts.main), '--toy-control-rows', String(counts.control)],
    ...['--replicas', '1', '--threads', '1', '--no-tensorboard', '--no-compare-without-adversary'],
    ...flags,
    ...recipe,
  );
  const run = join(output, 'default', '00000');
  const scores = {} as Record<TestSample, Float32Array>;
  for (const name of TEST_SAMPLES) {
    await start('score', jets.testFiles[name], run, '--output-path', join(output, name, 'report.html'));
    scores[name] = await scoresIn(join(output, name, `scores-${name}.parquet`));
  }
  const history = await readHistory(join(run, 'history.csv'));
  const wallSeconds = history.reduce((sum, { seconds }) => sum + seconds, 0);
  return { side, seed, ...judged(jets, scores), wallSeconds, cpuSeconds };
}

async function scoresIn(path: string): Promise<Float32Array> {
  const names = ['jet_nn_qcd', 'jet_nn_sig', 'jet_nn_bib'];
  const file = await openColumns(path);
  try {
    const table = await file.read(names);
    const columns = names.map((name) => flatNumbers(table, name, path));
    return Float32Array.from({ length: 3 * table.rows }, (_, i) => columns[i % 3][Math.floor(i / 3)]);
  } finally {
    await file.close();
  }
}
