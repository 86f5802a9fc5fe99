import { SearchFolder } from '@hep/hyperband';
import type { Command } from '@hep/options';
import { resumeTrainingCommand } from './train.ts';
import { tuneCommand } from './tune.ts';

/** The command that goes on with what is in a folder, and its arguments. */
function commandOf(argv: readonly string[]): [Command, readonly string[]] {
  const isSearch = argv.length > 0 && SearchFolder.isAt(argv[0]);
  return isSearch ? [tuneCommand, ['--resume', ...argv]] : [resumeTrainingCommand, argv];
}

/** `resume FOLDER`: goes on with a training, or with a search. */
export const resumeCommand: Command = {
  ...resumeTrainingCommand,
  execute: (argv, output) => {
    const [command, own] = commandOf(argv);
    return command.execute(own, output);
  },
  settings: (argv) => {
    const [command, own] = commandOf(argv);
    return command.settings(own);
  },
};
