import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { listCsvFiles } from '@hep/datasets';
import { ecoderModel } from '@hep/ecoder-models';
import { writeSummary, summaryTable } from '@hep/model-files';
import type { SummaryEntry } from '@hep/model-files';
import { command, UserError } from '@hep/options';
import type { CliOutput, Command } from '@hep/options';
import { atomicWrite, describeInputs, interruptible, storageError } from '@hep/training';
import { trainOptions } from '../options.ts';
import type { TrainOptions } from '../options.ts';
import { runNetwork } from '../run-network.ts';
import { loadSamples } from '../samples.ts';

/** Exit code after Ctrl-C. */
const INTERRUPTED = 130;

const fresh = command({
  name: 'train',
  describe:
    'Trains autoencoders, measures the earth mover’s distance of the validation modules and writes everything ' +
    'that CMSSW, Keras, ONNX Runtime and RTL tests need. Without --input it trains on a synthetic data set.',
  options: trainOptions,
  run: train,
});

/** Trains networks; with `--resume DIR` the options of that run count, flags given beside it win. */
export const trainCommand: Command = {
  ...fresh,
  execute: async (argv, output) => {
    const { resume } = trainOptions.parse(argv);
    if (resume === undefined) return fresh.execute(argv, output);
    const { config, root, models } = earlierRun(resume);
    const options = trainOptions.parse(argv, { config });
    return train({ ...options, resume, output: root, models: models ?? options.models }, output);
  },
};

/** The folder of all networks and the saved options of the run at `path`, which is that folder or one of its runs. */
function earlierRun(path: string): { config: string; root: string; models?: string[] } {
  if (existsSync(join(path, 'run.json'))) {
    return {
      config: join(path, 'config.yaml'),
      root: dirname(resolve(path)),
      models: [basename(resolve(path))],
    };
  }
  const config = join(path, 'config.yaml');
  if (!existsSync(config)) {
    throw new UserError(
      `--resume ${path}: no run there (config.yaml is missing); give the --output of an earlier run`,
    );
  }
  return { config, root: path };
}

/** Makes the output folder and saves the options of the whole command there. */
async function prepareOutput(options: TrainOptions): Promise<void> {
  try {
    await mkdir(options.output, { recursive: true });
    await atomicWrite(join(options.output, 'config.yaml'), trainOptions.toYaml(options));
  } catch (error) {
    throw storageError(error, options.output);
  }
}

async function train(options: TrainOptions, { out }: CliOutput): Promise<number> {
  const models = options.models.map((name) => ecoderModel(name));
  const files = options.input.length === 0 ? [] : (await listCsvFiles(options.input)).map(({ path }) => path);
  const inputs = await describeInputs(files);
  if (options.resume === undefined) await prepareOutput(options);
  const samples = await loadSamples(options, out);
  out(
    `${samples.train.wafers.rows} training and ${samples.validation.wafers.rows} validation modules` +
      (samples.isSynthetic ? `, synthetic (seed ${options.seed})` : ''),
  );
  const entries: SummaryEntry[] = [];
  const finished = await interruptible(
    async (signal) => {
      for (const model of models) {
        const outcome = await runNetwork(model, { options, samples, inputs, signal, out });
        if (outcome.kind === 'interrupted') return false;
        entries.push(outcome.entry);
      }
      return true;
    },
    () => out('stopping after the running batches; Ctrl-C again to stop at once'),
  );
  if (!finished) return INTERRUPTED;
  await writeSummary(options.output, summaryTable(entries, ['EMD']));
  return 0;
}
