/** Python environments with pinned packages: Keras 2.15, Keras 3, QKeras with hls4ml, pandas with pyarrow and uproot, HTCondor. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '@hep/options';
import { interopFolder, projectRoot } from './folders.ts';
import { runCommand } from './run-command.ts';

/** An environment: its folder below `.interop` and the file with its pins. */
export interface PythonEnvironment {
  readonly folder: string;
  readonly requirements: string;
}

export const keras2: PythonEnvironment = { folder: 'venv', requirements: 'requirements-keras2.txt' };
/** Apart from Keras 2.15 alone: some packages that TensorBoard and ONNX bring change how Keras loads files. */
export const qkeras: PythonEnvironment = { folder: 'venvq', requirements: 'requirements-qkeras.txt' };
/** Readers and writers of tables and trees. */
export const tables: PythonEnvironment = { folder: 'venvtables', requirements: 'requirements-tables.txt' };
/** HTCondor's parsers alone; there is no pool. */
export const htcondorBindings: PythonEnvironment = {
  folder: 'venvhtcondor',
  requirements: 'requirements-htcondor.txt',
};
export const keras3: PythonEnvironment = { folder: 'venv3', requirements: 'requirements-keras3.txt' };

/** The Python program of an environment. */
export function pythonOf({ folder }: PythonEnvironment): string {
  return join(interopFolder, folder, 'bin', 'python');
}

/**
 * Makes an environment unless it is there with the same pins.
 * @returns whether it had to be made
 * @throws UserError when there is no Python 3.11, or a package cannot be installed
 */
export async function ensureEnvironment(environment: PythonEnvironment): Promise<boolean> {
  const folder = join(interopFolder, environment.folder);
  const requirements = join(projectRoot, environment.requirements);
  const stamp = join(folder, 'requirements.sha256');
  const hash = createHash('sha256').update(readFileSync(requirements)).digest('hex');
  if (
    existsSync(stamp) &&
    readFileSync(stamp, 'utf8') === hash &&
    (await isPython311(pythonOf(environment)))
  ) {
    return false;
  }
  const python = await findPython();
  rmSync(folder, { recursive: true, force: true });
  await step(python, ['-m', 'venv', folder], 'on Debian: apt-get install python3.11-venv');
  // Every package is listed, so that none comes in unpinned; `pip check` notices a missing one.
  const pip = ['-m', 'pip', '--disable-pip-version-check', '--no-input'];
  const install = [...pip, 'install', '--quiet', '--no-deps', '--requirement', requirements];
  await step(pythonOf(environment), install, 'look at the network and the package index');
  await step(pythonOf(environment), [...pip, 'check'], `mend the pins in ${environment.requirements}`);
  writeFileSync(stamp, hash);
  return true;
}

async function findPython(): Promise<string> {
  const python = process.env['HEP_PYTHON311'] ?? 'python3.11';
  if (await isPython311(python)) return python;
  throw new UserError(
    `${python}: no Python 3.11 there; install python3.11 and python3.11-venv, or set HEP_PYTHON311 to its path`,
  );
}

async function isPython311(python: string): Promise<boolean> {
  const { code } = await runCommand(python, ['-c', 'import sys; sys.exit(sys.version_info[:2] != (3, 11))']);
  return code === 0;
}

async function step(command: string, parameters: readonly string[], advice: string): Promise<void> {
  const { code, stdout, stderr } = await runCommand(command, parameters);
  if (code === 0) return;
  const reason = `${stdout}\n${stderr}`.trim().split('\n').at(-1) ?? '';
  throw new UserError(`${command} ${parameters.join(' ')}: ${reason || `exit code ${code}`}; ${advice}`);
}
