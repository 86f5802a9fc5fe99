import type { Dataset } from './trainer.ts';

/** The data set with every column in shared memory; columns that already are there stay. */
export function shared(dataset: Dataset): Dataset {
  const columns = Object.fromEntries(
    Object.entries(dataset.columns).map(([name, column]) => {
      if (column.values.buffer instanceof SharedArrayBuffer) return [name, column];
      const values = new Float32Array(new SharedArrayBuffer(column.values.byteLength));
      values.set(column.values);
      return [name, { ...column, values }];
    }),
  );
  return { rows: dataset.rows, columns };
}
