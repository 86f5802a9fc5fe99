import type { Program } from '@hep/options';
import { toyCommand } from './commands/toy.ts';
import { trainCommand } from './commands/train.ts';
import { VERSION } from './version.ts';

/** The command line program. */
export const program: Program = {
  name: 'jet-autoencoder',
  version: VERSION,
  commands: [trainCommand, toyCommand],
};
