import type { Program } from '@hep/options';
import { decodeCommand } from './commands/decode.ts';
import { encodeCommand } from './commands/encode.ts';
import { evaluateCommand } from './commands/evaluate.ts';
import { exportCommand } from './commands/export.ts';
import { toyCommand } from './commands/toy.ts';
import { resumeCommand, trainCommand } from './commands/train.ts';
import { VERSION } from './version.ts';

/** The command line program. */
export const program: Program = {
  name: 'jet-autoencoder',
  version: VERSION,
  commands: [
    trainCommand,
    resumeCommand,
    encodeCommand,
    decodeCommand,
    evaluateCommand,
    exportCommand,
    toyCommand,
  ],
};
