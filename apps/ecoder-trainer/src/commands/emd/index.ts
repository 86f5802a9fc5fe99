import type { CommandGroup } from '@hep/options';

/** Commands about EMD networks. */
export const emdCommands: CommandGroup = {
  name: 'emd',
  describe: 'Networks that estimate the earth mover’s distance: train, score.',
  commands: [
    {
      name: 'train',
      describe:
        'Trains networks that estimate the exact earth mover’s distance of two modules, for train --loss emd. ' +
        'Without --input they learn from a synthetic data set.',
      load: async () => (await import('./commands.ts')).trainCommand,
    },
    {
      name: 'resume',
      describe: 'Goes on with a run where it stopped, with its options; as train --resume RUN.',
      load: async () => (await import('./commands.ts')).resumeCommand,
    },
    {
      name: 'score',
      describe:
        'Tells how far networks are from the exact distances of validation pairs: mean and standard deviation of ' +
        '(estimated - exact) / exact, both orders averaged.',
      load: async () => (await import('./commands.ts')).scoreCommand,
    },
  ],
};
