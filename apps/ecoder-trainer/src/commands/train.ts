import { listCsvFiles } from '@hep/datasets';
import type { EcoderModel } from '@hep/ecoder-models';
import { UserError } from '@hep/options';
import type { CliOutput } from '@hep/options';
import { describeInputs } from '@hep/training';
import { requireScheduleParameters, resumableCommands, stoppable } from '@hep/training-command';
import { checkLearnedBits } from '../learned-bits.ts';
import { summaryMetrics } from '../metrics.ts';
import { networksOf } from '../network-options.ts';
import { trainOptions } from '../options.ts';
import type { TrainOptions } from '../options.ts';
import { planRuns, saveCommand, summarise } from '../output-folder.ts';
import { CHANGEABLE, folderOfCommand } from '../resume.ts';
import { runNetwork } from '../run-network.ts';
import { dataSeedOf, loadSamples, requireBatch } from '../samples.ts';
import type { Samples } from '../samples.ts';
import { scanSeeds } from '../seed-scan.ts';

/** `train`, and `resume RUN`. */
export const { train: trainCommand, resume: resumeCommand } = resumableCommands({
  options: trainOptions,
  changeable: CHANGEABLE,
  earlierRun: async ({ resume }) => resume,
  start: trainAll,
  goOn: (path, options, output) =>
    trainAll({ ...options, resume: path, output: folderOfCommand(path, options) }, output),
});

async function trainAll(options: TrainOptions, output: CliOutput): Promise<number> {
  return options.seeds.length > 0 ? scanSeeds(options, output, train) : train(options, output);
}

/** Trains the networks of a command that are not finished yet; gives its exit code. */
export async function train(options: TrainOptions, output: CliOutput): Promise<number> {
  const { out } = output;
  requireScheduleParameters(options);
  const models = networksOf(options.models, options);
  requireConditional(options, models);
  checkLearnedBits(models, options);
  const files = options.input.length === 0 ? [] : (await listCsvFiles(options.input)).map(({ path }) => path);
  const runs = await planRuns(models, options, await describeInputs(files));
  const open = runs.filter(({ isFinished }) => !isFinished);
  for (const { model, earlier } of runs.filter(({ isFinished }) => isFinished)) {
    out(`${model.name}: finished already after epoch ${earlier?.record.result?.epochs}`);
  }
  let code = 0;
  if (open.length > 0) {
    const samples = await samplesOf(options, models, out);
    await saveCommand(options);
    code = await stoppable(output, async (signal) => {
      for (const run of open) {
        const end = await runNetwork(run, { options, samples, signal, output });
        if (end === 'interrupted') return end;
      }
      return 'finished';
    });
  }
  await summarise(
    options.output,
    models.map(({ name }) => name),
    summaryMetrics[options.full ? 'full' : 'default'],
  );
  return code;
}

function requireConditional({ referenceCompat }: TrainOptions, models: readonly EcoderModel[]): void {
  const other = models.find(({ conditions }) => conditions === 0);
  if (!referenceCompat || other === undefined) return;
  throw new UserError(
    `option --reference-compat: the encoder of ${other.name} is trained in the reference, too; leave the option away`,
  );
}

async function samplesOf(
  options: TrainOptions,
  models: readonly EcoderModel[],
  out: CliOutput['out'],
): Promise<Samples> {
  const samples = await loadSamples(options, models, out);
  requireBatch(options, samples);
  const { rows } = samples.train.wafers;
  const validation = samples.validation.wafers.rows;
  const label = samples.isSynthetic ? `, synthetic (seed ${dataSeedOf(options)})` : '';
  out(`${rows} training and ${validation} validation modules${label}`);
  return samples;
}
