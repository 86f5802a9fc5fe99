import { withinPath } from '@hep/nn';
import type { HostTensor, ParameterSpec } from '@hep/nn';
import { expectClose, goldenPath, readAllDatasets, readTensorList } from '@hep/test-support';

/**
 * Start weights `<name>_w0.hdf5` (Keras `save_weights`) for `specs`, matched by order: Keras numbers layers through a
 * whole session, so that a layer's number in the file may be higher than ours.
 */
export async function goldenWeights(
  folder: string,
  name: string,
  specs: readonly ParameterSpec[],
): Promise<Record<string, HostTensor>> {
  const stored = Object.fromEntries(await readAllDatasets(goldenPath(folder, `${name}_w0.hdf5`)));
  const order = (await readTensorList(goldenPath(folder, `${name}_wN.h5`))).map((tensor) => tensor.name);
  const byLayer = Object.assign(
    {},
    ...Object.keys(groupsOf(stored)).map((group) => withinPath(stored, group)),
  );
  if (order.length !== specs.length)
    throw new Error(`${name}: ${order.length} tensors for ${specs.length} parameters`);
  return Object.fromEntries(
    specs.map((spec, i) => {
      const { values } = byLayer[order[i]] as HostTensor;
      return [spec.name, { shape: spec.shape, values }];
    }),
  );
}

function groupsOf(stored: Readonly<Record<string, unknown>>): Record<string, true> {
  return Object.fromEntries(Object.keys(stored).map((path) => [path.split('/')[0], true]));
}

/** Compares tensors with a golden list, in order. */
export async function expectTensors(
  path: Parameters<typeof goldenPath>,
  actual: readonly (readonly [string, HostTensor])[],
  tolerance: { relative?: number; absolute?: number },
): Promise<void> {
  const expected = await readTensorList(goldenPath(...path));
  expect(actual.map(([, { shape }]) => [...shape])).toEqual(expected.map(({ shape }) => shape));
  expected.forEach(({ values }, i) => expectClose(actual[i][1].values, values, tolerance, actual[i][0]));
}
