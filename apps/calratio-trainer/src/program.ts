import type { Program } from '@hep/options';
import { convertCommands } from './commands/convert/index.ts';
import { VERSION } from './version.ts';

/** The command line program. */
export const program: Program = {
  name: 'calratio-trainer',
  version: VERSION,
  commands: [
    {
      name: 'train',
      describe:
        'Trains the jet tagger against its adversary and judges it on test jets. The best epoch is chosen by --select, which ' +
        'weighs the classes against the agreement of data and simulation. Without files it trains on synthetic jets.',
      load: async () => (await import('./commands/train.ts')).trainCommand,
    },
    {
      name: 'resume',
      describe: 'Goes on with a run where it stopped, with its options; as train --resume RUN.',
      load: async () => (await import('./commands/train.ts')).resumeCommand,
    },
    convertCommands,
    {
      name: 'build',
      describe:
        'Joins converted tables of jets (Parquet, pickle, csv, npz), chooses rows and scales what the network sees.',
      load: async () => (await import('./commands/build.ts')).buildCommand,
    },
    {
      name: 'resample',
      describe:
        'Writes a random part of a table of jets: the same share of each label, without replacement, shuffled.',
      load: async () => (await import('./commands/resample.ts')).resampleCommand,
    },
    {
      name: 'plot',
      describe: 'Draws the columns of training files, by file, label and mass, in a self-contained report.',
      load: async () => (await import('./commands/plot.ts')).plotCommand,
    },
    {
      name: 'analyze',
      describe:
        'Shows best epochs, scores, curves, efficiencies and options of finished runs in a self-contained report.',
      load: async () => (await import('./commands/runs.ts')).analyzeCommand,
    },
    {
      name: 'compare',
      describe:
        'Shows finished runs side by side in a self-contained report: scores, curves and the options that differ. The ' +
        'first run is the reference.',
      load: async () => (await import('./commands/runs.ts')).compareCommand,
    },
    {
      name: 'toy',
      describe:
        'Writes a synthetic training file and one of the control region. Scores on them are synthetic.',
      load: async () => (await import('./commands/toy.ts')).toyCommand,
    },
    {
      name: 'export',
      describe: 'Writes a tagger as Keras archive, HDF5 with JSON, ONNX and frugally-deep JSON.',
      load: async () => (await import('./commands/export.ts')).exportCommand,
    },
    {
      name: 'score',
      describe:
        'Scores built files of jets with a tagger: one table for each file, and a report. Values that are no numbers count ' +
        'as 0. Memory does not grow with the files.',
      load: async () => (await import('./commands/score.ts')).scoreCommand,
    },
    {
      name: 'model-dump',
      describe: 'Prints the layers of a network with shapes and numbers of parameters.',
      load: async () => (await import('./commands/model-dump.ts')).modelDumpCommand,
    },
  ],
};
