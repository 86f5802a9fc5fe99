import { writeFileSync } from 'node:fs';
import { npyBytes } from '@hep/files';
import type { NumpyArray } from '@hep/files';

/** Writes an array as a `.npy` file. */
export function writeNpy(path: string, array: NumpyArray): void {
  writeFileSync(path, npyBytes(array));
}
