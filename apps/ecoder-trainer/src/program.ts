import type { Program } from '@hep/options';
import { benchmarkCommand } from './commands/benchmark.ts';
import { econtCommands } from './commands/econt/index.ts';
import { emdCommands } from './commands/emd.ts';
import { exportCommand } from './commands/export.ts';
import { flopsCommand } from './commands/flops.ts';
import { scanCommand } from './commands/scan.ts';
import { toyCommand } from './commands/toy.ts';
import { resumeCommand, trainCommand } from './commands/train.ts';
import { VERSION } from './version.ts';

/** The command line program. */
export const program: Program = {
  name: 'ecoder-trainer',
  version: VERSION,
  commands: [
    trainCommand,
    resumeCommand,
    scanCommand,
    exportCommand,
    toyCommand,
    flopsCommand,
    econtCommands,
    emdCommands,
    benchmarkCommand,
  ],
};
