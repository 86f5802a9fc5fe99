/** Finds the Python that the peers run on. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { UserError } from '@hep/options/user-error';
import type { Launch } from './measuring-process.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const scripts = fileURLToPath(new URL('../peers/', import.meta.url));

/** A script in `peers/` and the Python module that it compares with. */
export interface PythonPeer {
  readonly script: string;
  readonly module: string;
  /** Folder of the environment below `.interop`; default `venv`. */
  readonly environment?: 'venv' | 'venvq' | 'venvtables';
}

/** Exits with 1 unless the module is there, without the seconds that importing it takes. */
const hasModule = 'import importlib.util as u, sys; sys.exit(u.find_spec(sys.argv[1]) is None)';

/**
 * How to start a Python peer.
 * @throws UserError when there is no Python, or it lacks the peer's module
 */
export function pythonLaunch({ script, module, environment = 'venv' }: PythonPeer, threads: number): Launch {
  const python = process.env['HEP_PYTHON'] ?? `${root}.interop/${environment}/bin/python`;
  const advice = 'run "npx nx run interop:environment", or set HEP_PYTHON to a Python that has it';
  if (!existsSync(python)) {
    throw new UserError(`no Python with ${module} at ${python}; ${advice}`);
  }
  if (spawnSync(python, ['-c', hasModule, module]).status !== 0) {
    throw new UserError(`${python} has no module ${module}; ${advice}`);
  }
  return {
    command: python,
    arguments: [`${scripts}${script}`],
    environment: {
      OMP_NUM_THREADS: String(threads),
      TF_CPP_MIN_LOG_LEVEL: '3',
      CUDA_VISIBLE_DEVICES: '-1',
      PYTHONDONTWRITEBYTECODE: '1',
    },
  };
}
