/** Finished runs as `analyze` and `compare` read them; nothing in their directories is changed. */
import { givenRunPath, PREDICTION_COLUMNS, predictionsOf } from '@hep/calratio-training';
import type { PredictionColumns, Predictions } from '@hep/calratio-training';
import { flatNumbers, openColumns, requireColumns } from '@hep/datasets/columns';
import { UserError } from '@hep/options';
import { readHistory, readRunRecord } from '@hep/training';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { namedInputs } from '../named-input.ts';
import type { RunResults } from './run-results.ts';
import { trainOptions } from '../training/options.ts';

/**
 * Reads runs given as `name=directory` or a directory; the last part of a directory may be a number from the end, as
 * in `training_results/CalRatio/-1`.
 * @throws UserError when there is no run, when one is not finished, or one of its files is damaged
 */
export async function readRuns(texts: readonly string[]): Promise<RunResults[]> {
  const runs: RunResults[] = [];
  for (const { name, input } of namedInputs(texts, (path) => path)) {
    runs.push(await readRun(name, await givenRunPath(input)));
  }
  return runs;
}

async function readRun(name: string, path: string): Promise<RunResults> {
  const { status, result } = await readRunRecord(path, 'to read');
  const predictions = join(path, 'predictions.npz');
  if (status !== 'finished' || !existsSync(predictions)) {
    const state = status === 'finished' ? 'has no predictions.npz' : `is ${status}`;
    throw new UserError(
      `${path}: the run ${state}, expected a finished one; go on with train --resume ${path}`,
    );
  }
  return {
    name,
    history: await readHistory(join(path, 'history.csv')),
    bestEpoch: result?.bestEpoch ?? null,
    predictions: await readPredictions(predictions),
    options: optionsOf(path),
  };
}

/** As the run resolved them; those without a value are left out. */
function optionsOf(path: string): RunResults['options'] {
  return trainOptions.rows(trainOptions.parse([], { config: join(path, 'config.yaml') }));
}

async function readPredictions(path: string): Promise<Predictions> {
  const file = await openColumns(path);
  try {
    requireColumns(path, file.types.keys(), PREDICTION_COLUMNS);
    const table = await file.read(PREDICTION_COLUMNS);
    const columns = Object.fromEntries(
      PREDICTION_COLUMNS.map((name) => [name, Float64Array.from(flatNumbers(table, name, path))]),
    ) as PredictionColumns;
    return predictionsOf(columns, path);
  } finally {
    await file.close();
  }
}
