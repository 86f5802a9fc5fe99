#!/usr/bin/env node
/** Starts the bundled program; in a checkout of the workspace it bundles it first. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const app = dirname(dirname(fileURLToPath(import.meta.url)));
const main = join(app, 'dist', 'main.js');
if (!existsSync(main)) {
  const root = dirname(dirname(app));
  const build = [join('tools', 'build', 'build.js'), relative(root, app)];
  const { status } = spawnSync(process.execPath, build, {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) process.exit(1);
}
await import(pathToFileURL(main).href);
