import { existsSync } from 'node:fs';
import { join, parse } from 'node:path';
import { ecoderLoss } from '@hep/ecoder-models';
import type { EcoderModel } from '@hep/ecoder-models';
import { matchWeights, readKerasNetwork, readKerasWeights } from '@hep/model-files';
import type { Weights } from '@hep/nn';
import { command, defineOptions, option, UserError } from '@hep/options';
import { makeFolder, storageError } from '@hep/files';
import { CheckpointStore, modelSignature } from '@hep/training';
import type { Checkpoint } from '@hep/training';
import { z } from 'zod';
import { partsOfFile, trainedParts, writeModelFiles } from '../artefacts.ts';
import type { TrainedParts } from '../artefacts.ts';
import { fileOptions, networkOptions, networksOf } from '../network-options.ts';
import { trainOptions } from '../options.ts';
import type { TrainOptions } from '../options.ts';
import { autoencoderProgram } from '../training.ts';

export const options = defineOptions({
  run: option({ schema: z.string().optional(), describe: 'run directory of a network, as train writes it' }),
  checkpoint: option({
    schema: z.string().optional(),
    describe: 'checkpoint of the run; default: what the run ended with',
  }),
  model: option({ schema: z.string().optional(), describe: 'network of the --weights file, by name' }),
  architecture: option({
    schema: z.string().optional(),
    describe: 'network of the --weights file: architecture JSON of Keras 2 or QKeras',
  }),
  weights: option({ schema: z.string().optional(), describe: 'Keras HDF5 weights of the network' }),
  output: option({
    schema: z.string().optional(),
    describe: 'folder of the files; default: exports in the run directory',
    alias: 'o',
  }),
  ...networkOptions,
  ...fileOptions,
});

type ExportOptions = ReturnType<typeof options.parse>;

/** Writes the files of a network from a checkpoint or from Keras weights. */
export const exportCommand = command({
  name: 'export',
  describe:
    'Writes Keras JSON and HDF5, frozen .pb and .pb.ascii for CMSSW, and ONNX, from a run or from Keras files; ' +
    'of quantised networks also the codes of the weights and the registers of the chip.',
  options,
  positionals: ['run'],
  run: async (chosen, { out }) => {
    const { trained, folder } = await source(chosen, out);
    const target = chosen.output ?? folder;
    try {
      await makeFolder(target);
      (await writeModelFiles(target, trained, chosen)).forEach((path) => out(path));
    } catch (error) {
      throw storageError(error, target);
    }
  },
});

interface Source {
  readonly trained: readonly TrainedParts[];
  /** Where its files go unless told otherwise. */
  readonly folder: string;
}

async function source(
  { run, checkpoint, model: name, architecture, weights, ...options }: ExportOptions,
  notice: (text: string) => void,
): Promise<Source> {
  const files = [name, architecture].filter((given) => given !== undefined);
  if (run !== undefined && files.length === 0 && weights === undefined) {
    return fromRun(run, checkpoint, notice);
  }
  if (files.length === 1 && weights !== undefined && run === undefined && checkpoint === undefined) {
    if (architecture !== undefined) {
      const read = await readKerasNetwork(architecture, weights);
      return { trained: [partsOfFile(parse(architecture).name, read)], folder: '.' };
    }
    const [model] = networksOf(files, options);
    return { trained: trainedParts(model, await kerasWeights(model, weights), notice), folder: '.' };
  }
  throw new UserError(
    'export: expected a run directory, with --checkpoint if need be, or --model or --architecture with --weights; ' +
      'give one of them',
  );
}

async function kerasWeights({ autoencoder }: EcoderModel, path: string): Promise<Weights> {
  const values = matchWeights(autoencoder.parameterSpecs, await readKerasWeights(path));
  return Object.fromEntries(
    autoencoder.parameterSpecs.map(({ name, shape }) => [name, { shape, values: values[name] }]),
  );
}

/** The weights that a run ended with, or those of one of its checkpoints. */
async function fromRun(
  run: string,
  checkpoint: string | undefined,
  notice: (text: string) => void,
): Promise<Source> {
  if (!existsSync(join(run, 'run.json'))) {
    throw new UserError(
      `${run}: no run of a network there; give a folder of one network, as train writes it`,
    );
  }
  const trained = trainOptions.parse([], { config: join(run, 'config.yaml') });
  const [model] = networksOf(trained.models, trained);
  const anyLoss = ecoderLoss('mse', model.arrangement); // checkpoints look the same for every loss
  const program = autoencoderProgram(model, anyLoss, trained, trained.weight !== 'none');
  const signature = modelSignature(model.name, program.initialState, model.autoencoder.parameterSpecs);
  const store = new CheckpointStore(join(run, 'checkpoints'), signature);
  const { state } =
    checkpoint === undefined ? await endOf(run, store, trained, notice) : await store.load(checkpoint);
  const parts = trainedParts(model, program.step.weightsOf(state), notice);
  return { trained: parts, folder: join(run, 'exports') };
}

async function endOf(
  run: string,
  store: CheckpointStore,
  { restoreBest }: TrainOptions,
  notice: (text: string) => void,
): Promise<Checkpoint> {
  const newest = await store.newest();
  if (newest === null) throw new UserError(`${run}: no checkpoint there yet; train first`);
  newest.damaged.forEach((message) => notice(message));
  if (newest.damaged.length > 0) notice(`exporting the older ${newest.path}`);
  const { best, epoch } = newest.checkpoint.loop;
  return restoreBest && best !== null && best.epoch !== epoch
    ? store.load(store.pathOfEpoch(best.epoch))
    : newest.checkpoint;
}
