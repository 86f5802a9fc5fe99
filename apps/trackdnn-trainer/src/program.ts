import type { Program } from '@hep/options';
import { prepareCommand } from './commands/prepare.ts';
import { toyCommand } from './commands/toy.ts';
import { resumeCommand, trainCommand } from './commands/train.ts';
import { VERSION } from './version.ts';

/** The command line program. */
export const program: Program = {
  name: 'trackdnn-trainer',
  version: VERSION,
  commands: [trainCommand, resumeCommand, prepareCommand, toyCommand],
};
