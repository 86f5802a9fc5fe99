import { runCli } from '@hep/options';
import { program } from './program.ts';

process.exitCode = await runCli(program, process.argv.slice(2));
