import { join } from 'node:path';
import { domainSize, valueAt } from '@hep/hyperband';
import type { Configuration, Parameter, SearchFolder, SearchSpace, Value } from '@hep/hyperband';
import { writeComparison } from '@hep/training';
import type { TrialResult } from './results.ts';

/** Writes the trials for TensorBoard's page of hyper-parameters; values of a list are parameters of their own. */
export async function writeHyperParameters(
  { path, plan }: SearchFolder,
  results: readonly TrialResult[],
): Promise<void> {
  await writeComparison(join(path, 'tensorboard'), {
    title: 'Search of hyper-parameters',
    domains: Object.fromEntries(plan.space.flatMap((parameter) => domainsOf(parameter, plan.space))),
    metrics: ['loss', 'val_loss', 'val_auc'],
    trainings: results.map(({ trial, outcome, configuration, history, record }) => ({
      name: String(trial).padStart(2, '0'),
      hyperParameters: flat(configuration),
      isFailed: outcome.kind === 'failed',
      started: seconds(record?.started),
      ended: seconds(record?.ended),
      history: history.map(({ values }) => values),
    })),
  });
}

function domainsOf({ name, domain, times }: Parameter, space: SearchSpace): [string, Value[]][] {
  const values = Array.from({ length: domainSize(domain) }, (_, index) => valueAt(domain, index));
  if (times === null) return [[name, values]];
  const counter = space.find((other) => other.name === times)!.domain;
  const most = Number(valueAt(counter, domainSize(counter) - 1));
  return Array.from({ length: most }, (_, index) => [`${name} ${index + 1}`, values]);
}

function flat(configuration: Configuration): Record<string, Value> {
  const entries = Object.entries(configuration).flatMap(([name, value]): [string, Value][] =>
    typeof value === 'object' ? value.map((one, index) => [`${name} ${index + 1}`, one]) : [[name, value]],
  );
  return Object.fromEntries(entries);
}

function seconds(time: string | null | undefined): number {
  return typeof time === 'string' ? Date.parse(time) / 1000 : 0;
}
