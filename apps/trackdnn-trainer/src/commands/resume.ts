import { SearchFolder } from '@hep/hyperband';
import type { Command } from '@hep/options';
import { resumeTrainingCommand } from './train.ts';
import { tuneCommand } from './tune.ts';

/** `resume FOLDER`: goes on with a training, or with a search. */
export const resumeCommand: Command = {
  ...resumeTrainingCommand,
  describe:
    'Goes on with a run or a search where it stopped, with its options; as train or tune --resume FOLDER.',
  execute: (argv, output) => {
    const isSearch = argv.length > 0 && SearchFolder.isAt(argv[0]);
    return isSearch
      ? tuneCommand.execute(['--resume', ...argv], output)
      : resumeTrainingCommand.execute(argv, output);
  },
};
