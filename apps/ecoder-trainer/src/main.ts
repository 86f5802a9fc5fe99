import { runCli } from '@hep/options';
import { exportCommand } from './commands/export.ts';
import { flopsCommand } from './commands/flops.ts';
import { toyCommand } from './commands/toy.ts';
import { trainCommand } from './commands/train.ts';
import { VERSION } from './version.ts';

process.exitCode = await runCli(
  {
    name: 'ecoder-trainer',
    version: VERSION,
    commands: [trainCommand, exportCommand, toyCommand, flopsCommand],
  },
  process.argv.slice(2),
);
