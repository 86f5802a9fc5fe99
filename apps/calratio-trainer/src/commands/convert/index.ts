import type { CommandGroup } from '@hep/options';
import { divertAnalysisCommand } from './divert-analysis.ts';

/** From the files of others to ours, and back. */
export const convertCommands: CommandGroup = {
  name: 'convert',
  describe: 'Converts ntuples to tables of jets.',
  commands: [divertAnalysisCommand],
};
