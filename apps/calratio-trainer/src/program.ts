import type { Program } from '@hep/options';
import { toyCommand } from './commands/toy.ts';
import { VERSION } from './version.ts';

/** The command line program. */
export const program: Program = {
  name: 'calratio-trainer',
  version: VERSION,
  commands: [toyCommand],
};
