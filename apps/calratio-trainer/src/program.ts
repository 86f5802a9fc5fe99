import type { Program } from '@hep/options';
import { buildCommand } from './commands/build.ts';
import { convertCommands } from './commands/convert/index.ts';
import { dumpCommand } from './commands/dump.ts';
import { exportCommand } from './commands/export.ts';
import { plotCommand } from './commands/plot.ts';
import { resampleCommand } from './commands/resample.ts';
import { analyzeCommand, compareCommand } from './commands/runs.ts';
import { toyCommand } from './commands/toy.ts';
import { scoreCommand } from './commands/score.ts';
import { resumeCommand, trainCommand } from './commands/train.ts';
import { VERSION } from './version.ts';

/** The command line program. */
export const program: Program = {
  name: 'calratio-trainer',
  version: VERSION,
  commands: [
    trainCommand,
    resumeCommand,
    convertCommands,
    buildCommand,
    resampleCommand,
    plotCommand,
    analyzeCommand,
    compareCommand,
    toyCommand,
    exportCommand,
    scoreCommand,
    dumpCommand,
  ],
};
