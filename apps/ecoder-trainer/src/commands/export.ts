import { join } from 'node:path';
import { readFile } from 'node:fs/promises';
import { ecoderModel } from '@hep/ecoder-models';
import type { EcoderModel } from '@hep/ecoder-models';
import { matchWeights, readKerasWeights } from '@hep/model-files';
import { trainStep } from '@hep/nn';
import type { Weights } from '@hep/nn';
import { command, defineOptions, option, UserError } from '@hep/options';
import { CheckpointStore, modelSignature, readCheckpoint } from '@hep/training';
import { z } from 'zod';
import { writeModelFiles } from '../artefacts.ts';
import { lossOf, optimiserOf } from '../choices.ts';
import { trainOptions } from '../options.ts';

const options = defineOptions({
  run: option({ schema: z.string().optional(), describe: 'run directory of a network, as train writes it' }),
  checkpoint: option({
    schema: z.string().optional(),
    describe: 'checkpoint of the run; default: the newest one',
  }),
  model: option({ schema: z.string().optional(), describe: 'network of the --weights file' }),
  weights: option({ schema: z.string().optional(), describe: 'Keras HDF5 weights of the autoencoder' }),
  output: option({
    schema: z.string().optional(),
    describe: 'folder of the files; default: exports in the run directory',
    alias: 'o',
  }),
});

type ExportOptions = ReturnType<typeof options.parse>;

/** Writes the files of a network from a checkpoint or from Keras weights. */
export const exportCommand = command({
  name: 'export',
  describe:
    'Writes Keras JSON and HDF5, frozen .pb and .pb.ascii for CMSSW, and ONNX, from a run or from Keras weights.',
  options,
  positionals: ['run'],
  run: async (chosen, { out }) => {
    const { model, weights, folder } = await source(chosen);
    const written = await writeModelFiles(chosen.output ?? folder, model, weights);
    written.forEach((path) => out(path));
  },
});

async function source(
  chosen: ExportOptions,
): Promise<{ model: EcoderModel; weights: Weights; folder: string }> {
  if (chosen.run !== undefined) return fromRun(chosen.run, chosen.checkpoint);
  if (chosen.model === undefined || chosen.weights === undefined) {
    throw new UserError('export: nothing to export; give a run directory, or --model with --weights');
  }
  const model = ecoderModel(chosen.model);
  return { model, weights: await kerasWeights(model, chosen.weights), folder: '.' };
}

async function kerasWeights({ autoencoder }: EcoderModel, path: string): Promise<Weights> {
  const values = matchWeights(autoencoder.parameterSpecs, await readKerasWeights(path));
  return Object.fromEntries(
    autoencoder.parameterSpecs.map(({ name, shape }) => [name, { shape, values: values[name] }]),
  );
}

async function fromRun(run: string, checkpoint: string | undefined) {
  const config = join(run, 'config.yaml');
  const text = await readFile(config, 'utf8').catch(() => undefined);
  const path = checkpoint ?? (text === undefined ? null : await newestCheckpoint(run));
  if (text === undefined || path === null) {
    throw new UserError(`${run}: no trained network there; give the run directory of one network`);
  }
  const trained = trainOptions.fromYaml(text, config);
  const { state, model: signature } = await readCheckpoint(path);
  const model = ecoderModel(signature.name);
  const step = trainStep({
    model: model.autoencoder,
    loss: lossOf(trained, model).perSample,
    optimiser: optimiserOf(trained),
  });
  return { model, weights: step.weightsOf(state), folder: join(run, 'exports') };
}

/** The newest checkpoint of a run. */
async function newestCheckpoint(run: string): Promise<string | null> {
  const store = new CheckpointStore(join(run, 'checkpoints'), modelSignature('', {}));
  return store.last();
}
