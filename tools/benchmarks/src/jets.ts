/** Random jets, with everything that the tagger reads. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { INPUT_SHAPES, JET_CLASSES, JET_INPUTS } from '@hep/calratio-rnn';
import type { Generator } from '@hep/datasets';
import { sizeOf } from '@hep/nn';
import { writeNpy } from './npy.ts';

/** Writes the network's inputs, normally distributed, as `<input>.npy` into a folder, which is made. */
export function writeJets(folder: string, rows: number, generator: Generator): void {
  mkdirSync(folder, { recursive: true });
  for (const name of JET_INPUTS) {
    const shape = [rows, ...INPUT_SHAPES[name]];
    const values = Float32Array.from({ length: sizeOf(shape) }, () => generator.normal());
    writeNpy(join(folder, `${name}.npy`), values, shape);
  }
}

/** Writes random classes as one-hot vectors [rows, 3]. */
export function writeClasses(path: string, rows: number, generator: Generator): void {
  const classes = JET_CLASSES.length;
  const vectors = new Float32Array(rows * classes);
  for (let row = 0; row < rows; row++) vectors[row * classes + generator.integer(classes)] = 1;
  writeNpy(path, vectors, [rows, classes]);
}
