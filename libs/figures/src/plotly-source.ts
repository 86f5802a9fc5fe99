import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { embeddedScript } from './html.ts';

/** Plotly's minified source, ready to stand in a script element. Throws when the package is not installed. */
export function plotlySource(): string {
  const path = createRequire(import.meta.url).resolve('plotly.js-dist-min');
  return embeddedScript(readFileSync(path, 'utf8'));
}
