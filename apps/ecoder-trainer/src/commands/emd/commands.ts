import { join, resolve } from 'node:path';
import { emdScore, estimateDistances, readEmdNetwork } from '@hep/emd-network';
import { atomicWrite } from '@hep/files';
import { writeSummary } from '@hep/model-files';
import { command, UserError } from '@hep/options';
import type { CliOutput } from '@hep/options';
import { describeInputs } from '@hep/training';
import { FREE_OPTIONS, resumableCommands, stoppable } from '@hep/training-command';
import { emdScoreOptions, emdTrainOptions } from '../../emd/options.ts';
import type { EmdScoreOptions, EmdTrainOptions } from '../../emd/options.ts';
import { loadPairs, pairFiles } from '../../emd/pairs.ts';
import { emdScoreReport } from '../../emd/report.ts';
import type { EmdEstimates } from '../../emd/report.ts';
import { planEmdRuns, saveEmdCommand, summariseEmdRuns } from '../../emd/runs.ts';
import { trainEmdNetwork } from '../../emd/train-network.ts';

/** What may differ from the earlier command. */
const CHANGEABLE: ReadonlySet<keyof EmdTrainOptions> = new Set([
  ...(['input', 'decoded', 'networks', 'losses', 'repetitions', 'epochs', 'learningRate'] as const),
  ...(['cache', 'output'] as const),
  ...FREE_OPTIONS,
]);

/** `emd train`, and `emd resume FOLDER`. */
export const { train: trainCommand, resume: resumeCommand } = resumableCommands({
  options: emdTrainOptions,
  changeable: CHANGEABLE,
  earlierRun: async ({ resume }) => resume,
  start: train,
  goOn: (path, options, output) => train({ ...options, resume: path, output: path }, output),
});

async function train(options: EmdTrainOptions, output: CliOutput): Promise<number> {
  const inputs = await describeInputs(await pairFiles(options));
  const runs = await planEmdRuns(options, inputs);
  for (const { name, earlier } of runs.filter(({ isFinished }) => isFinished)) {
    output.out(`${name}: finished already after epoch ${earlier?.record.result?.epochs}`);
  }
  const open = runs.filter(({ isFinished }) => !isFinished);
  const code = await stoppable(output, async (signal) => {
    if (open.length === 0) return 'finished';
    const pairs = await loadPairs(options, cacheOf(options), output.out, signal).catch(unlessAborted(signal));
    if (pairs === null) return 'interrupted';
    requireFullBatch(options, pairs.train.first.length);
    await saveEmdCommand(options);
    for (const run of open) {
      const end = await trainEmdNetwork(run, { options, pairs, signal, output });
      if (end === 'interrupted') return end;
    }
    return 'finished';
  });
  await summariseEmdRuns(options.output);
  return code;
}

function cacheOf({ cache, output }: Pick<EmdScoreOptions, 'cache' | 'output'>): string | undefined {
  return cache ?? (output === undefined ? undefined : join(output, 'pairs'));
}

/** Null for the end of work that was asked to stop; other errors stay errors. */
function unlessAborted(signal: AbortSignal): (error: unknown) => null {
  return (error) => {
    if (signal.aborted) return null;
    throw error;
  };
}

function requireFullBatch({ batchSize }: EmdTrainOptions, rows: number): void {
  if (batchSize <= rows) return;
  throw new UserError(
    `option --batch-size: ${batchSize} is larger than the ${rows} training pairs; choose at most ${rows}, or give more data`,
  );
}

/** Scores trained networks on the validation pairs of a data set. */
export const scoreCommand = command({
  options: emdScoreOptions,
  positionals: ['networks'],
  run: score,
});

async function score(options: EmdScoreOptions, { out }: CliOutput): Promise<void> {
  await pairFiles(options);
  const paths = options.networks.map((path) => resolve(path));
  const networks = await Promise.all(options.networks.map((path) => readEmdNetwork(path)));
  const { isSynthetic, images, validation } = await loadPairs(options, cacheOf(options), out);
  const all: EmdEstimates[] = [];
  for (const [i, network] of networks.entries()) {
    const estimated = await estimateDistances(network, images, validation);
    const result = emdScore(estimated, validation.distances);
    const name = options.networks[i];
    all.push({ name, mode: options.mode, exact: validation.distances, estimated, score: result });
    const { mean, std, pairs } = result;
    out(`${name}: relative difference ${mean.toFixed(4)} ± ${std.toFixed(4)} over ${pairs} pairs`);
  }
  if (options.output === undefined) return;
  const rows = all.map(({ mode, score: { mean, std, pairs } }, i) => [paths[i], mode, mean, std, pairs]);
  await writeSummary(options.output, { columns: ['network', 'mode', 'mean', 'std', 'pairs'], rows });
  await atomicWrite(join(options.output, 'report.html'), emdScoreReport(all, isSynthetic));
}
