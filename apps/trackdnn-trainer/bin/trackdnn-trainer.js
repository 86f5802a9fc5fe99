#!/usr/bin/env node
/** Starts the bundled program; in a checkout of the workspace it bundles it first. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const app = dirname(dirname(fileURLToPath(import.meta.url)));
const main = join(app, 'dist', 'main.js');
if (!existsSync(main)) {
  const tool = new URL('../../../tools/build/bundle-if-missing.js', import.meta.url);
  const { bundle } = await import(tool.href);
  bundle(app);
}
await import(pathToFileURL(main).href);
