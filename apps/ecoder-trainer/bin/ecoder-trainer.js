#!/usr/bin/env node
/** Starts the bundled program; in a checkout of the workspace it bundles it first. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const app = dirname(dirname(fileURLToPath(import.meta.url)));
const main = join(app, 'dist', 'main.js');
if (!existsSync(main)) {
  const { bundleApplication } = await import('../../../tools/build/bundle.js');
  await bundleApplication(app);
}
await import(main);
