import type { Program } from '@hep/options';
import { econtCommands } from './commands/econt/index.ts';
import { emdCommands } from './commands/emd/index.ts';
import { VERSION } from './version.ts';

/** The command line program. */
export const program: Program = {
  name: 'ecoder-trainer',
  version: VERSION,
  commands: [
    {
      name: 'train',
      describe:
        'Trains autoencoders, measures the earth mover’s distance of the validation modules and writes everything ' +
        'that CMSSW, Keras, ONNX Runtime and RTL tests need. Without --input it trains on a synthetic data set.',
      load: async () => (await import('./commands/train.ts')).trainCommand,
    },
    {
      name: 'resume',
      describe: 'Goes on with a run where it stopped, with its options; as train --resume RUN.',
      load: async () => (await import('./commands/train.ts')).resumeCommand,
    },
    {
      name: 'scan',
      describe:
        'Trains quantised networks with every combination of weight bits and latent bits; writes scan.csv and scan.html. ' +
        'The same command again goes on where it stopped.',
      load: async () => (await import('./commands/scan.ts')).scanCommand,
    },
    {
      name: 'export',
      describe:
        'Writes Keras JSON and HDF5, frozen .pb and .pb.ascii for CMSSW, and ONNX, from a run or from Keras files; ' +
        'of quantised networks also the codes of the weights and the registers of the chip.',
      load: async () => (await import('./commands/export.ts')).exportCommand,
    },
    {
      name: 'toy',
      describe:
        'Writes a synthetic data set: showers and pile-up on the wafer geometry. Scores on it are synthetic.',
      load: async () => (await import('./commands/toy.ts')).toyCommand,
    },
    {
      name: 'convert',
      describe: 'Converts HGCAL trigger ntuples (ROOT) to a table of modules, which train reads.',
      load: async () => (await import('./commands/convert.ts')).convertCommand,
    },
    {
      name: 'flops',
      describe:
        'Counts parameters and floating point operations per layer and module, as TensorFlow’s profiler does, ' +
        'and apart from them the numbers that quantisers round.',
      load: async () => (await import('./commands/flops.ts')).flopsCommand,
    },
    econtCommands,
    emdCommands,
    {
      name: 'benchmark',
      describe:
        'Compares the algorithms of the chip, in their formats, with autoencoders on the same modules: table (csv, json) ' +
        'and report. Trains the networks first; a synthetic data set without --input.',
      load: async () => (await import('./commands/benchmark.ts')).benchmarkCommand,
    },
  ],
};
