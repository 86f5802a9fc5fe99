/** The reference's numbers for the track network: `data/golden/models/track_*`. */
import type { HostTensor, ParameterSpec, RunnerInput } from '@hep/nn';
import { goldenNpy, goldenPath, readAllDatasets, readTensorList } from '@hep/test-support';
import { trackNetwork } from '../track-network.ts';

const FOLDER = 'models';

/** Golden array `track_<name>.npy`. */
export const goldenTrack = (name: string) => goldenNpy(FOLDER, `track_${name}.npy`);

/** Rows [first, end) of a golden array. */
export function goldenRows(name: string, first: number, end: number): RunnerInput {
  const { shape, values } = goldenTrack(name);
  const width = values.length / shape[0];
  return { shape: [end - first, ...shape.slice(1)], values: values.slice(first * width, end * width) };
}

/** The same with a last axis of one. */
export function goldenColumn(name: string, first: number, end: number): RunnerInput {
  const { values } = goldenRows(name, first, end);
  return { shape: [end - first, 1], values };
}

/** The network that made the golden numbers. */
export const goldenNetwork = trackNetwork({
  ranges: { minimum: [...goldenTrack('min').values], maximum: [...goldenTrack('max').values] },
});

/** Our name of a weight of the reference's session, which numbered dense layers from 3. */
function ourName(kerasName: string): string {
  return kerasName
    .replace(/:0$/, '')
    .replace(/^dense_(\d+)/, (_, number) => (number === '3' ? 'dense' : `dense_${Number(number) - 3}`));
}

/** Start weights of the golden training. */
export async function goldenWeights(): Promise<Record<string, HostTensor>> {
  const stored = await readAllDatasets(goldenPath(FOLDER, 'track_w0.hdf5'));
  return Object.fromEntries(
    [...stored].map(([path, { shape, values }]) => [
      ourName(path.replace(/^[^/]+\//, '')),
      { shape, values },
    ]),
  );
}

/** A golden list of tensors by our names. */
export async function goldenTensors(file: string): Promise<Map<string, HostTensor>> {
  const list = await readTensorList(goldenPath(FOLDER, file));
  return new Map(list.map(({ name, shape, values }) => [ourName(name), { shape, values }]));
}

/** Values by name with a prefix, as a runner's inputs. */
export function prefixed<T>(prefix: string, values: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [`${prefix}/${name}`, value]));
}

/** Names of specifications in order. */
export const namesOf = (specs: readonly ParameterSpec[]) => specs.map(({ name }) => name);
