/** The C++ library frugally-deep itself, which no package registry carries: its headers are given by the environment. */
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { projectRoot } from './folders.ts';
import type { FdeepCheck } from './manifest.ts';
import { runCommand } from './run-command.ts';
import type { Tally } from './tally.ts';

const VARIABLES = { 2: 'FDEEP_INCLUDE', 3: 'FDEEP_KERAS3_INCLUDE' } as const;

/**
 * Compiles a small program with the headers of frugally-deep and lets it load and run the files of that form.
 * `FDEEP_INCLUDE` is the `include` folder of a version up to v0.15, `FDEEP_KERAS3_INCLUDE` that of a later one;
 * `FPLUS_INCLUDE` that of FunctionalPlus (default: the system's), beside Eigen and nlohmann-json of the system.
 */
export async function checkWithLibrary(
  form: 2 | 3,
  checks: readonly FdeepCheck[],
  folder: string,
  tally: Tally,
): Promise<void> {
  const include = process.env[VARIABLES[form]];
  const title = `frugally-deep for Keras ${form}`;
  if (include === undefined) {
    console.log(`skipped ${title} in C++: set ${VARIABLES[form]} to the include folder of its source`);
    return;
  }
  const program = join(folder, `check-fdeep-${form}`);
  const functional = process.env['FPLUS_INCLUDE'];
  const includes = [include, ...(functional === undefined ? [] : [functional]), '/usr/include/eigen3'];
  const flags = ['-std=c++14', '-O1', '-w', ...includes.flatMap((path) => ['-I', path])];
  const source = join(projectRoot, 'cpp', 'check_fdeep.cpp');
  const { code, stderr } = await runCommand('g++', [...flags, source, '-o', program, '-pthread']);
  if (code !== 0) return tally.fail(`${title}, compilation`, stderr.slice(0, 400));
  for (const check of checks.filter(({ keras }) => keras === form)) {
    const cases = join(folder, `${basename(check.json)}.cases`);
    writeFileSync(cases, casesText(check));
    const result = await runCommand(program, [check.json, cases]);
    if (result.code === 0) tally.ok(`${title}: ${check.name}, ${result.stdout.trim()}`);
    else tally.fail(`${title}: ${check.name}`, result.stderr);
  }
}

/** Inputs and outputs as the program reads them: `{ inputs: [{ shape, values }], output, absolute, relative }`. */
function casesText({ inputs, expected, absolute, relative }: FdeepCheck): string {
  return JSON.stringify({
    inputs: inputs.map(readNpy),
    output: readNpy(expected),
    absolute,
    relative,
  });
}

/** A float32 `.npy` file of ours. */
function readNpy(path: string): { shape: number[]; values: number[] } {
  const bytes = readFileSync(path);
  const end = 10 + bytes.readUInt16LE(8);
  const header = bytes.toString('latin1', 10, end);
  const shape = /\(([^)]*)\)/
    .exec(header)![1]
    .split(',')
    .filter((size) => size.trim() !== '');
  const values = new Float32Array(Uint8Array.from(bytes.subarray(end)).buffer);
  return { shape: shape.map(Number), values: [...values] };
}
