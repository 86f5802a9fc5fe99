import { commandLine } from '@hep/test-support';
import { program } from '../program.ts';

export const { run, runWell } = commandLine(program);
