import type { CommandGroup } from '@hep/options';

/** From the files of others to ours, and back. */
export const convertCommands: CommandGroup = {
  name: 'convert',
  describe: 'Converts ntuples to tables of jets, and trained taggers for C++.',
  commands: [
    {
      name: 'divertanalysis',
      describe:
        'Converts DiVertAnalysis ntuples (ROOT, tree trees_DV_) to tables with one row per jet. Outputs that exist are kept.',
      load: async () => (await import('./divert-analysis.ts')).divertAnalysisCommand,
    },
    {
      name: 'training',
      describe: 'Writes a trained tagger as frugally-deep JSON, with its archive of Keras beside it.',
      load: async () => (await import('./training.ts')).trainingCommand,
    },
  ],
};
