import type { Program } from '@hep/options';
import { VERSION } from './version.ts';

/** The command line program. */
export const program: Program = {
  name: 'jet-autoencoder',
  version: VERSION,
  commands: [
    {
      name: 'train',
      describe:
        'Trains an autoencoder of jets and writes a run directory with report and exports. Without --input it trains on toy jets.',
      load: async () => (await import('./commands/train.ts')).trainCommand,
    },
    {
      name: 'resume',
      describe: 'Goes on with a run where it stopped, with its options; as train --resume RUN.',
      load: async () => (await import('./commands/train.ts')).resumeCommand,
    },
    {
      name: 'encode',
      describe: 'Compresses files of jets into one file of latent vectors; tells size and error.',
      load: async () => (await import('./commands/encode.ts')).encodeCommand,
    },
    {
      name: 'decode',
      describe: 'Restores the jets of a file that encode wrote, with the network that compressed them.',
      load: async () => (await import('./commands/decode.ts')).decodeCommand,
    },
    {
      name: 'evaluate',
      describe:
        'Compares jets before and after compression by a trained network and by simpler ways of equal size.',
      load: async () => (await import('./commands/evaluate.ts')).evaluateCommand,
    },
    {
      name: 'export',
      describe:
        'Writes Keras JSON and HDF5, frozen .pb and ONNX of a trained network or a published checkpoint.',
      load: async () => (await import('./commands/export.ts')).exportCommand,
    },
    {
      name: 'toy',
      describe: 'Writes synthetic jets with m, pt [MeV], phi and eta, to try the program without data.',
      load: async () => (await import('./commands/toy.ts')).toyCommand,
    },
  ],
};
