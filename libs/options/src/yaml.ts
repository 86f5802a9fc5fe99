import { createRequire } from 'node:module';
import type * as Yaml from 'yaml';

const require = createRequire(import.meta.url);

/** The package for YAML, loaded when a file is read or written first: most programs start without. */
export const yaml = (): typeof Yaml => require('yaml') as typeof Yaml;
