/** What TensorBoard's page of hyper-parameters shows; field numbers from the plugin's api.proto and plugin_data.proto. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { storageError } from '@hep/files';
import { EventWriter } from './event-writer.ts';
import { doubleField, integerField, messageField, stringField } from './protobuf.ts';

/** A value that trainings are compared by. */
export type HyperParameter = string | number | boolean;

/** One training among those that are compared. */
export interface ComparedTraining {
  /** Name of its folder. */
  readonly name: string;
  /** A training need not have all of them. */
  readonly hyperParameters: Readonly<Record<string, HyperParameter>>;
  readonly isFailed: boolean;
  /** Seconds since 1970. */
  readonly started: number;
  readonly ended: number;
  /** Values after each epoch, by name of the metric. */
  readonly history: readonly Readonly<Record<string, number>>[];
}

/** Trainings that differ in their hyper-parameters. */
export interface Comparison {
  readonly title: string;
  /** Values that each hyper-parameter may have; only those named here are shown. */
  readonly domains: Readonly<Record<string, readonly HyperParameter[]>>;
  /** Names of the metrics that are shown. */
  readonly metrics: readonly string[];
  readonly trainings: readonly ComparedTraining[];
}

const PLUGIN = 'hparams';
const SUCCESS = 1;
const FAILURE = 2;

/**
 * Writes a log folder for TensorBoard anew, with its page of hyper-parameters and the metrics of every training.
 * @throws UserError when it cannot be written
 */
export async function writeComparison(folder: string, comparison: Comparison): Promise<void> {
  await rm(folder, { recursive: true, force: true }).catch((error: unknown) => {
    throw storageError(error, folder);
  });
  const writer = await EventWriter.open(folder);
  writer.pluginData('_hparams_/experiment', PLUGIN, messageField(2, ...experiment(comparison)));
  await writer.flush();
  for (const training of comparison.trainings) {
    await writeTraining(join(folder, training.name), training, comparison.metrics);
  }
}

async function writeTraining(
  folder: string,
  { name, hyperParameters, isFailed, started, ended, history }: ComparedTraining,
  metrics: readonly string[],
): Promise<void> {
  const writer = await EventWriter.open(folder);
  const values = Object.entries(hyperParameters).map(([key, value]) =>
    messageField(1, stringField(1, key), messageField(2, valueField(value))),
  );
  const start = messageField(3, ...values, stringField(4, name), doubleField(5, started));
  writer.pluginData('_hparams_/session_start_info', PLUGIN, start);
  history.forEach((row, epoch) => {
    for (const metric of metrics)
      if (row[metric] !== undefined) writer.scalar(metric, epoch + 1, row[metric]);
  });
  const end = messageField(4, integerField(1, isFailed ? FAILURE : SUCCESS), doubleField(2, ended));
  writer.pluginData('_hparams_/session_end_info', PLUGIN, end);
  await writer.flush();
}

function experiment({ title, domains, metrics }: Comparison): Uint8Array[] {
  return [
    stringField(1, title),
    ...Object.entries(domains).map(([name, values]) =>
      messageField(4, stringField(1, name), integerField(4, typeOf(values)), domainField(values)),
    ),
    ...metrics.map((metric) =>
      messageField(5, messageField(1, stringField(2, metric)), stringField(3, metric)),
    ),
  ];
}

/** DATA_TYPE_STRING, _BOOL or _FLOAT64. */
function typeOf(values: readonly HyperParameter[]): number {
  const isAll = (type: string) => values.every((value) => typeof value === type);
  if (isAll('boolean')) return 2;
  return isAll('number') ? 3 : 1;
}

/** `domain_discrete`, a ListValue. */
function domainField(values: readonly HyperParameter[]): Uint8Array {
  return messageField(5, ...values.map((value) => messageField(1, valueField(value))));
}

/** A field of google.protobuf.Value. */
function valueField(value: HyperParameter): Uint8Array {
  if (typeof value === 'number') return doubleField(2, value);
  return typeof value === 'string' ? stringField(3, value) : integerField(4, Number(value));
}
