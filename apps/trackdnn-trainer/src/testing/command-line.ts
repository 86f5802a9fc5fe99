import { commandLine } from '@hep/options/testing';
import { program } from '../program.ts';

export const { run, runWell } = commandLine(program);
