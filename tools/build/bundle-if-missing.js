/** In a checkout of the workspace: bundles an app that has no `dist` yet. */
import { spawnSync } from 'node:child_process';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Bundles the app in a folder; ends the process with code 1 where that fails. */
export function bundle(app) {
  const build = [join('tools', 'build', 'build.js'), relative(root, app)];
  const { status } = spawnSync(process.execPath, build, {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) process.exit(1);
}
