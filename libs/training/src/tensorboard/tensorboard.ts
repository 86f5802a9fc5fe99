import { join } from 'node:path';
import type { HostState } from '@hep/engine';
import type { Callback, Logs } from '../callbacks/callback.ts';
import { EventWriter } from './event-writer.ts';
import { histogramOf } from './histogram.ts';

/** Options of `tensorBoard`. */
export interface TensorBoardOptions {
  /** Folder for the event files, such as `run.file('tensorboard')`. */
  readonly folder: string;
  /** Weight histograms; none unless given. */
  readonly histograms?: {
    /** Epochs from one to the next; 1 unless given. */
    readonly every?: number;
    /** The tensors to show, by name, e.g. `trainStep.weightsOf`; the whole state unless given. */
    readonly weights?: (state: HostState) => HostState;
  };
}

/**
 * Writes scalars and weight histograms as Keras' TensorBoard callback does: folders `train` and `validation`, tags
 * `epoch_loss`, `epoch_<metric>`, `epoch_learning_rate`, and the tensors' names for histograms; the step is the epoch
 * counted from 0.
 */
export function tensorBoard({ folder, histograms }: TensorBoardOptions): Callback {
  let train: EventWriter | undefined;
  let validation: EventWriter | undefined;
  let firstStep = 0;

  const validationWriter = async () =>
    (validation ??= await EventWriter.open(join(folder, 'validation'), firstStep));

  return {
    name: 'tensorboard',
    async onTrainingStart({ epoch }) {
      firstStep = epoch;
      train = await EventWriter.open(join(folder, 'train'), firstStep);
      validation = undefined;
    },
    async onEpochEnd(logs, { epoch, lastLearningRate, readState }) {
      const step = epoch - 1;
      const { training, validated } = split(logs);
      for (const [name, value] of training) train!.scalar(`epoch_${name}`, step, value);
      train!.scalar('epoch_learning_rate', step, lastLearningRate);
      if (histograms !== undefined && step % (histograms.every ?? 1) === 0) {
        const state = await readState();
        addHistograms(train!, step, histograms.weights?.(state) ?? state);
      }
      await train!.flush();
      if (validated.length === 0) return;
      const writer = await validationWriter();
      for (const [name, value] of validated) writer.scalar(`epoch_${name}`, step, value);
      await writer.flush();
    },
  };
}

function addHistograms(writer: EventWriter, step: number, weights: HostState): void {
  for (const [name, { values }] of Object.entries(weights)) {
    if (values.length > 0 && values.every(Number.isFinite)) writer.histogram(name, step, histogramOf(values));
  }
}

/** Results of training and, without their prefix, of validation. */
function split(logs: Logs): { training: [string, number][]; validated: [string, number][] } {
  const training: [string, number][] = [];
  const validated: [string, number][] = [];
  for (const [name, value] of Object.entries(logs)) {
    if (name.startsWith('val_')) validated.push([name.slice('val_'.length), value]);
    else training.push([name, value]);
  }
  return { training, validated };
}
