import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where things lie, seen from `dist`, which holds the bundles of this project. */
export const workspaceRoot = fileURLToPath(new URL('../../../', import.meta.url));
export const projectRoot = fileURLToPath(new URL('../', import.meta.url));

/** Environments and work files; ignored by git. */
export const interopFolder = join(workspaceRoot, '.interop');
