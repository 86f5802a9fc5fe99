/** What two runs must have in common to be the same training. */
import { readFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { basename, join } from 'node:path';
import { readKerasWeights } from '@hep/model-files';
import { timelessHistory } from '@hep/training/testing';

/** The numbers of a training, each to the last bit. */
export interface RunNumbers {
  /** Epochs without their wall times. */
  readonly history: readonly unknown[];
  /** SHA-256 of every tensor of the HDF5 file by name; the file's own bytes hold the time of writing. */
  readonly weights: Readonly<Record<string, string>>;
  /** SHA-256 of the frozen graphs. */
  readonly graphs: readonly string[];
}

/** History, weights and frozen graphs of a finished run. */
export async function numbersOf(run: string): Promise<RunNumbers> {
  const exported = (name: string) => join(run, 'exports', name);
  const { layers } = await readKerasWeights(exported(`${basename(run)}.hdf5`));
  const tensors = [...layers].flatMap(([layer, weights]) =>
    weights.map(({ name, values }) => [`${layer}/${name}`, digest(Float32Array.from(values))]),
  );
  const graphs = ['encoder', 'decoder'].flatMap((part) =>
    ['pb', 'pb.ascii', 'onnx'].map((ending) => exported(`${part}_${basename(run)}.${ending}`)),
  );
  return {
    history: await timelessHistory(run),
    weights: Object.fromEntries(tensors),
    graphs: await Promise.all(graphs.map(async (path) => digest(await readFile(path)))),
  };
}

function digest(content: NodeJS.ArrayBufferView): string {
  return createHash('sha256').update(content).digest('hex');
}
