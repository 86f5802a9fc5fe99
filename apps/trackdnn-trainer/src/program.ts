import type { Program } from '@hep/options';
import { evaluateCommand } from './commands/evaluate.ts';
import { exportCommand } from './commands/export.ts';
import { prepareCommand } from './commands/prepare.ts';
import { resumeCommand } from './commands/resume.ts';
import { toyCommand } from './commands/toy.ts';
import { trainCommand } from './commands/train.ts';
import { tuneCommand } from './commands/tune.ts';
import { tuneTrialCommand } from './commands/tune-trial.ts';
import { VERSION } from './version.ts';

/** The command line program. */
export const program: Program = {
  name: 'trackdnn-trainer',
  version: VERSION,
  commands: [
    trainCommand,
    resumeCommand,
    tuneCommand,
    tuneTrialCommand,
    prepareCommand,
    evaluateCommand,
    exportCommand,
    toyCommand,
  ],
};
