import type { CommandGroup } from '@hep/options';
import { divertAnalysisCommand } from './divert-analysis.ts';
import { trainingCommand } from './training.ts';

/** From the files of others to ours, and back. */
export const convertCommands: CommandGroup = {
  name: 'convert',
  describe: 'Converts ntuples to tables of jets, and trained taggers for C++.',
  commands: [divertAnalysisCommand, trainingCommand],
};
