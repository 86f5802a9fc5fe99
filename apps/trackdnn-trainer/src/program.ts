import type { Program } from '@hep/options';
import { TRIAL_COMMAND } from './tune/trial-command.ts';
import { VERSION } from './version.ts';

/** The command line program. */
export const program: Program = {
  name: 'trackdnn-trainer',
  version: VERSION,
  commands: [
    {
      name: 'train',
      describe:
        'Trains the network that tells true from fake tracks and writes a run directory with report and exports. ' +
        'Without --input it trains on toy tracks.',
      load: async () => (await import('./commands/train.ts')).trainCommand,
    },
    {
      name: 'resume',
      describe:
        'Goes on with a run or a search where it stopped, with its options; as train or tune --resume FOLDER.',
      load: async () => (await import('./commands/resume.ts')).resumeCommand,
    },
    {
      name: 'tune',
      describe:
        'Searches for the best network by Hyperband: many short trials, of which the best go on, beside fewer longer ones. ' +
        'A search that was stopped goes on with --resume FOLDER.',
      load: async () => (await import('./commands/tune.ts')).tuneCommand,
    },
    {
      name: TRIAL_COMMAND,
      describe: 'Trains one trial of a search for a round.',
      isInternal: true,
      load: async () => (await import('./commands/tune-trial.ts')).tuneTrialCommand,
    },
    {
      name: 'prepare',
      describe:
        'Checks tracks of files, splits them by event and writes them in shards for train --shards. ' +
        'Started again it goes on: files that are prepared are kept.',
      load: async () => (await import('./commands/prepare.ts')).prepareCommand,
    },
    {
      name: 'evaluate',
      describe: 'Judges a trained network, beside trk_mva where it is there, on the tracks of files.',
      load: async () => (await import('./commands/evaluate.ts')).evaluateCommand,
    },
    {
      name: 'export',
      describe: 'Writes the files of a trained network: frozen graph for CMSSW, ONNX, Keras.',
      load: async () => (await import('./commands/export.ts')).exportCommand,
    },
    {
      name: 'toy',
      describe:
        'Writes synthetic tracks with the 37 branches of the ntuple, to try the program without data.',
      load: async () => (await import('./commands/toy.ts')).toyCommand,
    },
  ],
};
