import type { Dataset } from './trainer.ts';

/** The data set with every column in shared memory; columns that already are there stay. */
export function shared(dataset: Dataset): Dataset {
  const columns = Object.fromEntries(
    Object.entries(dataset.columns).map(([name, column]) => {
      const { values, picks } = column;
      return [
        name,
        { ...column, values: inSharedMemory(values), ...(picks && { picks: inSharedMemory(picks) }) },
      ];
    }),
  );
  return { rows: dataset.rows, columns };
}

function inSharedMemory<A extends Float32Array | Int32Array>(values: A): A {
  if (values.buffer instanceof SharedArrayBuffer) return values;
  const memory = new SharedArrayBuffer(values.byteLength);
  const copy = (values instanceof Float32Array ? new Float32Array(memory) : new Int32Array(memory)) as A;
  copy.set(values);
  return copy;
}
