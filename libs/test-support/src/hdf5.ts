import { readFileSync } from 'node:fs';
import h5wasm from 'h5wasm/node';

/** One tensor of a golden weight or gradient list. */
export interface NamedTensor {
  readonly name: string;
  readonly shape: number[];
  readonly values: Float32Array;
}

/**
 * Reads the golden `.h5` lists: datasets `000`, `001`, ... each with an attribute `name`.
 * Returns them in that order.
 */
export async function readTensorList(path: string): Promise<NamedTensor[]> {
  return withHdf5(path, (file) =>
    file
      .keys()
      .sort()
      .map((key) => {
        const dataset = file.get(key) as InstanceType<typeof h5wasm.Dataset>;
        return toTensor(String(dataset.attrs['name']?.value ?? key), dataset);
      }),
  );
}

/** Reads every float dataset of an HDF5 file, keyed by its full path without the leading slash. */
export async function readAllDatasets(path: string): Promise<Map<string, NamedTensor>> {
  return withHdf5(path, (file) => {
    const found = new Map<string, NamedTensor>();
    const visit = (group: InstanceType<typeof h5wasm.Group>, prefix: string) => {
      for (const key of group.keys()) {
        const entity = group.get(key);
        const name = prefix === '' ? key : `${prefix}/${key}`;
        if (entity instanceof h5wasm.Group) visit(entity, name);
        else if (entity instanceof h5wasm.Dataset) found.set(name, toTensor(name, entity));
      }
    };
    visit(file, '');
    return found;
  });
}

function toTensor(name: string, dataset: InstanceType<typeof h5wasm.Dataset>): NamedTensor {
  const value = dataset.value as ArrayLike<number> | number | null;
  const values =
    value === null
      ? new Float32Array(0)
      : typeof value === 'number'
        ? Float32Array.of(value)
        : Float32Array.from(value);
  return { name, shape: [...(dataset.shape ?? [])], values };
}

async function withHdf5<T>(path: string, read: (file: InstanceType<typeof h5wasm.File>) => T): Promise<T> {
  const { FS } = await h5wasm.ready;
  const mounted = `golden-${Math.random().toString(36).slice(2)}.h5`;
  FS.writeFile(mounted, readFileSync(path));
  const file = new h5wasm.File(mounted, 'r');
  try {
    return read(file);
  } finally {
    file.close();
    FS.unlink(mounted);
  }
}
