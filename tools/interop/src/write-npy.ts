import { writeFileSync } from 'node:fs';
import { npyBytes } from '@hep/model-files';
import type { NumpyArray } from '@hep/model-files';

/** Writes an array as a `.npy` file. */
export function writeNpy(path: string, array: NumpyArray): void {
  writeFileSync(path, npyBytes(array));
}
